"""`python -m tests.workers.mail_room_alone worker …`: Celery over the fake office, for tests of the mail room
alone."""

import sys

from celery.__main__ import main

from tests.fakes import move_in

if __name__ == "__main__":
    move_in()
    sys.argv = ["celery", "-A", "workers.app", *sys.argv[1:]]
    main()
