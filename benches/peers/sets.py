"""Checks every file of other projects' test sets with `chancery verify`, one process a file.

Arguments: the program, then one folder or more. Asked: does it end by itself, how long does it take
and how much memory over the size of the file. Prints a table a folder and each file that breaks a
limit; exits with 1 if one does.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

SECONDS_MAX = 2.0
STOPPED_AFTER = 20.0
OVER_FILE_MAX = 256 * 1024 * 1024
# Verdicts and refusals of `verify`; anything else is a crash.
ENDS = {0, 1, 2, 3}


def ask(program: str, path: Path) -> tuple[int, float, int]:
    """Exit code, seconds, and the most bytes of memory held at once."""
    began = time.monotonic()
    process = subprocess.Popen(
        [program, "verify", "--json", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while True:
        done, status, usage = os.wait4(process.pid, os.WNOHANG)
        seconds = time.monotonic() - began
        if done:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, seconds, usage.ru_maxrss * 1024
        if seconds > STOPPED_AFTER:
            process.kill()
            process.wait()
            return -9, seconds, 0
        time.sleep(0.002)


def look(program: str, folder: Path, least: int) -> bool:
    """Asks about every PDF beneath `folder`; says whether all kept the limits."""
    codes: dict[int, int] = {}
    longest, most, broken = 0.0, 0, []
    files = sorted(one for one in folder.rglob("*") if one.suffix.lower() == ".pdf" and one.is_file())
    for path in files:
        code, seconds, memory = ask(program, path)
        if seconds > SECONDS_MAX and code in ENDS:
            # Another process may have had the machine: the better of two counts.
            code, again, memory = ask(program, path)
            seconds = min(seconds, again)
        over = max(0, memory - least - path.stat().st_size)
        codes[code] = codes.get(code, 0) + 1
        longest, most = max(longest, seconds), max(most, over)
        if code not in ENDS or seconds > SECONDS_MAX or over > OVER_FILE_MAX:
            broken.append(f"{path}: code {code}, {seconds:.2f} s, {over >> 20} MB over the file")
    told = ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
    print(f"| {folder.name} | {len(files)} | {told} | {longest:.2f} | {most >> 20} | {len(broken)} |")
    for line in broken:
        print(line)
    return not broken


def main() -> None:
    program, folders = sys.argv[1], [Path(one) for one in sys.argv[2:]]
    # What the program holds before it has read anything.
    _, _, least = ask(program, Path("/dev/null"))
    print("| set | files | exit codes | longest, s | most memory over the file, MB | limits broken |")
    print("| --- | --- | --- | --- | --- | --- |")
    kept = [look(program, folder, least) for folder in folders]
    sys.exit(0 if all(kept) else 1)


if __name__ == "__main__":
    main()
