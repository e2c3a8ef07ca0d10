"""Generated factories with any mix of the rules of the shop floor."""
