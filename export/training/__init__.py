"""One training loop's parts: recipes, batches, optimizers, teachers, starting weights."""
