"""python -m scheduler"""

from scheduler.cli.main import run

run()
