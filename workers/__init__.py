"""The mail room: Celery and kombu. Carries messages and keeps hours; contains no rule."""
