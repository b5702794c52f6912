"""An SFTP drop of the tests: a real SSH server (paramiko) over a folder, on the loopback."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import paramiko

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

USER, PASSWORD = "depot", "mot-de-passe-des-tests"


@dataclass
class SftpDrop:
    """Where it listens, its host key as a source declares it, and who tried to log in."""

    folder: Path
    port: int
    host_key: str
    logins: list[str] = field(default_factory=list)
    # Bytes after which the connection is cut, once.
    cut_after: int | None = None


class _Gate(paramiko.ServerInterface):  # type: ignore[misc] # the library has no types
    def __init__(self, drop: SftpDrop, key: paramiko.PKey | None) -> None:
        self._drop = drop
        self._key = key

    def check_auth_password(self, username: str, password: str) -> int:
        self._drop.logins.append("password")
        good = (username, password) == (USER, PASSWORD)
        return int(paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED)

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        self._drop.logins.append("publickey")
        good = username == USER and key == self._key
        return int(paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED)

    def get_allowed_auths(self, username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return int(paramiko.OPEN_SUCCEEDED)


class _Handle(paramiko.SFTPHandle):  # type: ignore[misc] # the library has no types
    def __init__(self, drop: SftpDrop, path: str, flags: int) -> None:
        super().__init__(flags)
        self._drop = drop
        self._file = os.fdopen(os.open(path, flags, 0o600), "r+b" if flags & os.O_RDWR else
                               "wb" if flags & os.O_WRONLY else "rb")  # fmt: skip

    def read(self, offset: int, length: int) -> bytes:
        if self._drop.cut_after is not None and offset + length > self._drop.cut_after:
            self._drop.cut_after = None
            raise EOFError
        self._file.seek(offset)
        return self._file.read(length)

    def write(self, offset: int, data: bytes) -> int:
        self._file.seek(offset)
        self._file.write(data)
        return int(paramiko.SFTP_OK)

    def close(self) -> None:
        self._file.close()


class _Files(paramiko.SFTPServerInterface):  # type: ignore[misc] # the library has no types
    def __init__(self, server: object, drop: SftpDrop) -> None:
        super().__init__(server)
        self._drop = drop

    def _at(self, path: str) -> Path:
        return self._drop.folder / path.lstrip("/")

    def _told(self, work: Callable[[], Any]) -> Any:  # noqa: ANN401 — whatever the call gives
        try:
            found = work()
        except OSError as error:
            return paramiko.SFTPServer.convert_errno(error.errno)
        return found if isinstance(found, list | paramiko.SFTPAttributes | _Handle) else 0

    def list_folder(self, path: str) -> Any:  # noqa: ANN401
        def work() -> list[paramiko.SFTPAttributes]:
            return [
                paramiko.SFTPAttributes.from_stat(entry.lstat(), entry.name)
                for entry in self._at(path).iterdir()
            ]

        return self._told(work)

    def stat(self, path: str) -> Any:  # noqa: ANN401
        return self._told(lambda: paramiko.SFTPAttributes.from_stat(self._at(path).stat()))

    lstat = stat

    def open(self, path: str, flags: int, attr: object) -> Any:  # noqa: ANN401
        return self._told(lambda: _Handle(self._drop, str(self._at(path)), flags))

    def rename(self, oldpath: str, newpath: str) -> Any:  # noqa: ANN401
        return self._told(lambda: self._at(oldpath).rename(self._at(newpath)))

    posix_rename = rename

    def mkdir(self, path: str, attr: object) -> Any:  # noqa: ANN401
        return self._told(lambda: self._at(path).mkdir())

    def rmdir(self, path: str) -> Any:  # noqa: ANN401
        return self._told(lambda: self._at(path).rmdir())

    def remove(self, path: str) -> Any:  # noqa: ANN401
        return self._told(lambda: self._at(path).unlink())


@contextmanager
def dropping(folder: Path, key: paramiko.PKey | None = None) -> Iterator[SftpDrop]:
    """Give a running drop over `folder`; `key`: the public key that may log in."""
    host_key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    drop = SftpDrop(folder, listener.getsockname()[1],
                    f"{host_key.get_name()} {host_key.get_base64()}")  # fmt: skip
    transports: list[paramiko.Transport] = []

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            transport = paramiko.Transport(client)
            transports.append(transport)
            transport.add_server_key(host_key)
            transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Files, drop)
            try:
                transport.start_server(server=_Gate(drop, key))
            except (paramiko.SSHException, EOFError):
                continue  # the client has hung up: it did not like our key

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield drop
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for transport in transports:
            transport.close()
