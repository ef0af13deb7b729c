# graded:
import os

start = os.getcwd()
os.chdir(os.environ["HOMEWORK_HANDIN"])
for _ in range(3000):
    os.mkdir("d")
    os.chdir("d")
os.chdir(start)
