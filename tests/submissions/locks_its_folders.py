# graded:
import os

locked = os.path.join(os.environ["HOMEWORK_HANDIN"], "locked")
os.makedirs(os.path.join(locked, "inner"))
os.chmod(locked, 0)
