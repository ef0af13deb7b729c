# timed_out: a cell took longer than
while True:
    try:
        while True:
            pass
    except KeyboardInterrupt:
        continue
