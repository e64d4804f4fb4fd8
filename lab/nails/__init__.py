"""Our own nail segmentation: data, training, evaluation and export of the cascade (README.md says how)."""
