"""Schedules built one operation after another from a priority list, obeying all rules of scheduler.problem.rules."""
