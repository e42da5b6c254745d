#!/bin/sh
# Prints the Python to make the environment with: $MIEN_PYTHON, or the first of 3.11 to 3.13 that can make one.
for python in ${MIEN_PYTHON:-python3.11 python3.12 python3.13 python3 python}; do
  if "$python" -c 'import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null
  then
    command -v "$python"
    exit
  fi
done
echo "Mien needs Python 3.11, 3.12 or 3.13 with its venv module, and found neither." \
     "Install one, or name it: MIEN_PYTHON=/path/to/python3.11 make run" >&2
exit 1
