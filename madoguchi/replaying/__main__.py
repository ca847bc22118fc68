"""``python -m madoguchi.replaying``: a question comes in as JSON, the answer goes out as JSON."""

import sys

from madoguchi.replaying.replay import Question, replay

if __name__ == "__main__":
    sys.stdout.write(replay(Question.model_validate_json(sys.stdin.buffer.read())).model_dump_json())
