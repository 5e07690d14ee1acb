"""PostgreSQL ends connections, loses a backend, and is restarted under everybody."""

from tests.faults.reading import POSTGRES

NAME = "F21"
WHAT = "end every connection; kill -9 a backend; restart PostgreSQL at once"
DATABASES = (POSTGRES,)
TIMES = (1, 10)
ENDS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"


def inject(house, chance, times):
    for _ in range(times):
        for _ in range(3 if times == 1 else 30):
            house.database.rows(f"{ENDS} AND datname = current_database()")
            house.pause(1 if times == 1 else 2)
        yield "connections ended"
        house.databases.kill_a_backend(house.database)
        yield "a backend killed"
        house.databases.restart_server()
        yield "restarted"
