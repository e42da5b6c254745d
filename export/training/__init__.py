"""What one training loop needs: recipes, batches, optimizers, starting weights, means of weights."""
