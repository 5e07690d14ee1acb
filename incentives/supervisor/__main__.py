import os
import sys

from incentives.supervisor.run import main

if __name__ == "__main__":
    sys.exit(main(os.environ))
