"""A tool that makes noisy copies of the written examples: `python -m nlu_data.generator`."""
