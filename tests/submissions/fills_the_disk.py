# too_much_output: to hand in
import os

number = 0
while True:
    number += 1
    with open(os.path.join(os.environ["HOMEWORK_HANDIN"], f"{number}"), "wb") as file:
        file.write(bytes(2**24))
