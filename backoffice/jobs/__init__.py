"""Work that takes time: the queue (`queue`) and one module for each kind of job. Only the worker runs them."""
