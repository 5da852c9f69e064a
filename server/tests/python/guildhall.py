"""An instance of Guildhall for one test: a program, a folder and a port of its own, with the demonstration inside."""

import contextlib
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAM = os.environ.get("GUILDHALL_PROGRAM", str(ROOT / "target/release/guildhall"))


class Instance:
    """A running server, and a token of its administrator that may do everything that a token may."""

    def __init__(self, url, environment, administrator):
        self.url = url
        self.environment = environment
        self.email, self.password = administrator["email"], administrator["password"]
        document = json.loads(run(environment, "openapi"))
        scopes = ",".join(document["components"]["schemas"]["Permission"]["enum"])
        made = run(environment, "token", "create", "--email", self.email, "--name", "tests", "--scopes", scopes)
        self.token = made.strip()

    def ask(self, method, path, body=None):
        """A request as the administrator; gives what is answered."""
        request = urllib.request.Request(
            f"{self.url}/api/v1{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            text = answer.read()
        return json.loads(text) if text else None


@contextlib.contextmanager
def instance():
    """Starts the program on an empty folder, and ends it afterwards."""
    with tempfile.TemporaryDirectory(prefix="guildhall-") as folder:
        address = f"127.0.0.1:{free_port()}"
        environment = {
            "PATH": os.environ["PATH"],
            "GUILDHALL_DATA_DIR": folder,
            "GUILDHALL_LISTEN": address,
            "GUILDHALL_RATE_LIMITS": "off",
            "GUILDHALL_SQLITE_SYNCHRONOUS": "normal",
            "GUILDHALL_LOG": "error",
        }
        administrator = json.loads(run(environment, "--json", "demo"))
        with subprocess.Popen([PROGRAM, "serve"], env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(server, f"http://{address}/health/ready")
                yield Instance(f"http://{address}", environment, administrator)
            finally:
                server.terminate()


def run(environment, *command):
    """One command of the program; gives what it prints."""
    return subprocess.run([PROGRAM, *command], env=environment, text=True, stdout=subprocess.PIPE, check=True).stdout


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(server, url):
    for _ in range(100):
        if server.poll() is not None:
            raise RuntimeError("the server ended at once")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url).close()
            return
        time.sleep(0.1)
    raise RuntimeError("the server does not answer")
