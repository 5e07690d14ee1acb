"""Our RQ workers: one queue each, JSON only, jobs by allow-list, soon aware of a dead one."""

from typing import Any

from flask import Flask
from redis import Redis
from rq import Queue, SimpleWorker, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.worker import BaseWorker

from incentives.clock import now
from incentives.extensions import db
from incentives.pause_points import pause_at
from incentives.queue import REFRESH, queue_named
from incentives.store.heartbeats import beat
from incentives.store.transaction import writing
from workers import jobs

ALLOWED = {f"workers.jobs.{name}" for name in ("refresh_stale", "run_import")}


class OurWorker(BaseWorker):
    """Runs inside the application, tells SQL that it lives, and runs nothing that is not listed."""

    app: Flask

    def heartbeat(self, *args: Any, **kwargs: Any) -> None:
        super().heartbeat(*args, **kwargs)
        with self.app.app_context(), writing() as session:
            beat(session, self.queue_names()[0], now())

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        if job.func_name not in ALLOWED:
            raise PermissionError(f"{job.func_name} is not a job of ours")
        pause_at("dequeued")
        with self.app.app_context():
            return super().perform_job(job, queue, execution)

    def handle_job_success(self, *args: Any, **kwargs: Any) -> None:
        pause_at("ack")
        super().handle_job_success(*args, **kwargs)


class RefreshWorker(OurWorker, SimpleWorker):
    """Works in its own process: forking for each refresh would cost more than the refresh."""


class DeskWorker(OurWorker, Worker):
    """Forks for each job, so that the memory of a large import goes when the import ends."""

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        # A connection shared with the parent would mix up both their answers.
        with self.app.app_context():
            db.engine.dispose(close=False)
        super().main_work_horse(job, queue)


def make_worker(app: Flask, queue_name: str, client: Redis) -> OurWorker:
    kind: type[OurWorker] = RefreshWorker if queue_name == REFRESH else DeskWorker
    # One queue for each worker: one that listens to two and dies after taking a job loses it.
    # By default an idle worker takes up to 760 seconds to notice a job whose worker was killed.
    worker = kind(
        [queue_named(queue_name, client)],
        connection=client,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=10,
        job_monitoring_interval=5,
    )
    worker.app = app
    return worker


assert all(hasattr(jobs, name.rpartition(".")[2]) for name in ALLOWED)
