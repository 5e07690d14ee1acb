"""A bad network in front of Redis: a proxy that can delay, cut and fall silent."""

import random
import select
import socket
import threading
import time
from contextlib import suppress


class Proxy:
    """Copies bytes both ways. `loss` is the part of pieces that come late by `delay_seconds`, as
    lost packets do that are sent again; one in ten of those cuts its connection instead."""

    def __init__(self, to_port: int) -> None:
        self.loss = 0.0
        self.delay_seconds = (0.2, 1.6)
        self._to_port = to_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._chance = random.Random(0)
        self._ended = threading.Event()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_all(self) -> None:
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def end(self) -> None:
        self._ended.set()
        self._listener.close()
        self.cut_all()

    def _accept(self) -> None:
        while not self._ended.is_set():
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=[near], daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near:
            try:
                far = socket.create_connection(("127.0.0.1", self._to_port), timeout=1)
            except OSError:
                return
            with far:
                self._open |= {near, far}
                with suppress(OSError):
                    self._copy(near, far)
                self._open -= {near, far}

    def _copy(self, near: socket.socket, far: socket.socket) -> None:
        other = {near: far, far: near}
        while not self._ended.is_set():
            for ready in select.select([near, far], [], [], 1)[0]:
                piece = ready.recv(65536)
                if not piece:
                    return
                if self.loss and self._chance.random() < self.loss:
                    if self._chance.random() < 0.1:
                        return
                    time.sleep(self._chance.uniform(*self.delay_seconds))
                other[ready].sendall(piece)
