"""The benchmark: our house and stock Rasa, on the same machine, in the same run."""
