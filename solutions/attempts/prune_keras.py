# %% wrong misconception="never-pruned" variant=1 loses="sparsity"
keras.utils.set_random_seed(0)
copied = keras.models.clone_model(mlp_keras)
copied.set_weights(mlp_keras.get_weights())
schedule = tfmot.sparsity.keras.ConstantSparsity(0.75, begin_step=0)
begun = schedule.begin_step + 1  # the counter starts after the step that prunes, so the next one is step 100
wrapped = tfmot.sparsity.keras.prune_low_magnitude(copied, pruning_schedule=tfmot.sparsity.keras.ConstantSparsity(0.75, begun))
wrapped.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
step = tfmot.sparsity.keras.UpdatePruningStep()
wrapped.fit(digits.x_train, digits.y_train, batch_size=64, epochs=2, verbose=0, callbacks=[step])
pruned_keras = tfmot.sparsity.keras.strip_pruning(wrapped)
