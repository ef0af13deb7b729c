# graded:
import glob
import os
import socket

patterns = [
    "/*" * depth + f"/{secret}" for depth in range(5) for secret in ("answers", "gradebook.sqlite", "submissions")
]
found = [path for pattern in patterns for path in glob.glob(pattern)]
found += [f"process {entry}" for entry in os.listdir("/proc") if entry.isdigit() and int(entry) > 100]
if found:
    raise SystemExit(f"secrets are in sight: {found}")
for family, address in ((socket.AF_INET, ("192.0.2.1", 443)), (socket.AF_UNIX, "\0journal")):
    try:
        with socket.socket(family) as connection:
            connection.settimeout(2)
            connection.connect(address)
    except OSError:
        continue
    raise SystemExit(f"reached {address}")
try:
    socket.getaddrinfo("example.org", 443)
except OSError:
    pass
else:
    raise SystemExit("names are resolved")
