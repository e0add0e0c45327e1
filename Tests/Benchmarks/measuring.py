"""Runs programs and measures what they cost. Uses only Python's standard library."""

import os
import platform
import re
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# How often the peak is read; the system keeps the peak, so a short rise is not missed.
PEAK_SECONDS = 0.02


def say(text):
    print("benchmark: " + text, file=sys.stderr, flush=True)


def stop(what, remedy):
    print(f"benchmark: error: {what}\n  {remedy}", file=sys.stderr)
    sys.exit(1)


class Measured:
    """What a process cost.

    `samples` is the memory over time: seconds since the start and bytes.
    """

    def __init__(self, seconds, cpu_seconds, peak_bytes, output=b"", samples=()):
        self.seconds = seconds
        self.cpu_seconds = cpu_seconds
        self.peak_bytes = peak_bytes
        self.output = output
        self.samples = list(samples)


class Watch:
    """Reads the memory of a process while it runs, where /proc tells it.

    The kernel's own figure for a child also counts the memory of its parent at the start.
    """

    def __init__(self, process, sample_seconds):
        self.peak_bytes = 0
        self.samples = []
        self._path = f"/proc/{process.pid}/status"
        self._sample_seconds = sample_seconds
        self._start = time.perf_counter()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self):
        self._done.set()
        self._thread.join()

    def _run(self):
        due = 0.0
        while not self._done.wait(PEAK_SECONDS):
            try:
                with open(self._path, encoding="ascii") as file:
                    status = file.read()
            except OSError:
                return
            peak = re.search(r"VmHWM:\s+(\d+) kB", status)
            if peak:
                self.peak_bytes = max(self.peak_bytes, int(peak.group(1)) * 1024)
            now = time.perf_counter() - self._start
            resident = re.search(r"VmRSS:\s+(\d+) kB", status)
            if self._sample_seconds and resident and now >= due:
                self.samples.append((now, int(resident.group(1)) * 1024))
                due = now + self._sample_seconds


def run(command, accepted=(0,), environment=None, sample_seconds=None, on_line=None):
    """Runs a command to its end and measures it.

    environment: variables added to this process' own.
    sample_seconds: how often the memory is noted.
    on_line: called with the seconds since the start and each line the command prints, at once.
    """
    start = time.perf_counter()
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env={**os.environ, **(environment or {})})
    watch = Watch(process, sample_seconds)
    if on_line:
        lines = []
        for line in process.stdout:
            lines.append(line)
            on_line(time.perf_counter() - start, line)
        output = b"".join(lines)
    else:
        output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    watch.stop()
    # macOS has no /proc and counts in bytes.
    peak = watch.peak_bytes or usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    if process.returncode not in accepted:
        sys.stderr.buffer.write(output[-4000:])
        stop(f"'{' '.join(command[:3])} ...' failed with {process.returncode}", "See above.")
    return Measured(
        seconds, usage.ru_utime + usage.ru_stime, peak, output, watch.samples)


def processor_flags():
    """The processor's features, as the kernel names them; empty when the kernel does not say."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            return set(re.search(r"^flags\s*:\s*(.*)$", file.read(), re.MULTILINE).group(1).split())
    except (OSError, AttributeError):
        return set()


def machine():
    """The processor's name and the number of cores."""
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            name = re.search(r"model name\s*:\s*(.*)", file.read()).group(1)
    except (OSError, AttributeError):
        pass
    return f"{name}, {core_count()} cores"


def core_count():
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def available_bytes():
    """Free memory; infinite when the kernel does not say."""
    try:
        with open("/proc/meminfo", encoding="ascii") as file:
            return int(re.search(r"MemAvailable:\s+(\d+) kB", file.read()).group(1)) * 1024
    except (OSError, AttributeError):
        return float("inf")
