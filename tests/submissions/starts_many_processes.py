# crashed: processes
import subprocess
import time

sleepers = [subprocess.Popen(["sleep", "60"]) for _ in range(200)]
time.sleep(60)
