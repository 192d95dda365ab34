"""A safe language for conditions: nothing an editor writes is ever run as code."""
