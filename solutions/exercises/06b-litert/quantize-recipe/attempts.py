# %% misconception="all-layers"
# All layers are int8, the output layer, too.
# Remedy: Take `output/.*` out with `update_quantization_recipe`, after the recipe was loaded.


# %% wrong misconception="all-layers" variant=1 loses="hidden,output"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.static_wi8_ai8())
calibration = work.calibrate({"serving_default": [{"input": row[None]} for row in digits.x_train[:50]]})
recipe_file = bytes(work.quantize(calibration).quantized_model)


# %% wrong misconception="all-layers" variant=2 loses="hidden,output"
work = quantizer.Quantizer(float_file)
work.update_quantization_recipe("output/.*", qtyping.TFLOperationName.FULLY_CONNECTED, algorithm_key="no_quantize")
work.load_quantization_recipe(recipe.static_wi8_ai8())  # which replaces the rule above
calibration = work.calibrate({"serving_default": [{"input": row[None]} for row in digits.x_train[:100]]})
recipe_file = bytes(work.quantize(calibration).quantized_model)


# %% decoy misconception="all-layers" loses="hidden,output,activations,examples"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.dynamic_wi8_afp32())
recipe_file = bytes(work.quantize().quantized_model)


# %% misconception="dynamic-recipe"
# The recipe is a dynamic one: weights are int8, and all that lies between the layers is float32.
# Remedy: Load `recipe.static_wi8_ai8()`, and calibrate.


# %% wrong misconception="dynamic-recipe" variant=1 loses="output,activations,examples"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.dynamic_wi8_afp32())
work.update_quantization_recipe(
    regex="output/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
recipe_file = bytes(work.quantize().quantized_model)


# %% wrong misconception="dynamic-recipe" variant=2 loses="output,activations,examples"
rules = list(recipe.dynamic_wi8_afp32())
rules.append({"regex": "output/output", "operation": "FULLY_CONNECTED", "algorithm_key": "no_quantize"})
maker = quantizer.Quantizer(float_file, rules)
found = maker.quantize()
recipe_file = bytes(found.quantized_model)


# %% decoy misconception="dynamic-recipe" loses="output,activations,examples"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.dynamic_wi8_afp32())
work.update_quantization_recipe(
    regex="hidden1/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
recipe_file = bytes(work.quantize().quantized_model)


# %% misconception="first-layer-float"
# The first layer is float, and the output layer is int8.
# Remedy: A rule takes a pattern of the output's name: `output/.*`.


# %% wrong misconception="first-layer-float" variant=1 loses="output"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.static_wi8_ai8())
work.update_quantization_recipe(
    regex="hidden1/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
calibration = work.calibrate({"serving_default": [{"input": row[None]} for row in digits.x_train[:50]]})
recipe_file = bytes(work.quantize(calibration).quantized_model)


# %% wrong misconception="first-layer-float" variant=2 loses="output"
rules = list(recipe.static_wi8_ai8())
rules.append({"regex": "hidden1", "operation": "FULLY_CONNECTED", "algorithm_key": "no_quantize"})
maker = quantizer.Quantizer(float_file, rules)
samples = []
for row in digits.x_train[:80]:
    samples.append({"input": row.reshape(1, 64)})
found = maker.quantize(maker.calibrate({"serving_default": samples}))
recipe_file = bytes(found.quantized_model)


# %% decoy misconception="first-layer-float" loses="output"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.static_wi8_ai8())
work.update_quantization_recipe(
    regex="hidden2/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
calibration = work.calibrate({"serving_default": [{"input": row[None]} for row in digits.x_train[:50]]})
recipe_file = bytes(work.quantize(calibration).quantized_model)


# %% misconception="range-too-wide"
# The examples have a wider range than the pixels from 0 to 1 that the model is fed.
# Remedy: Calibrate on rows of `digits.x_train` as they are.


# %% wrong misconception="range-too-wide" variant=1 loses="examples"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.static_wi8_ai8())
work.update_quantization_recipe(
    regex="output/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
calibration = work.calibrate({"serving_default": [{"input": row[None]} for row in 16 * digits.x_train[:50]]})
recipe_file = bytes(work.quantize(calibration).quantized_model)


# %% wrong misconception="range-too-wide" variant=2 loses="examples,accuracy"
rules = list(recipe.static_wi8_ai8())
rules.append({"regex": "output/output", "operation": "FULLY_CONNECTED", "algorithm_key": "no_quantize"})
maker = quantizer.Quantizer(float_file, rules)
samples = []
for row in 255 * digits.x_train[:50]:
    samples.append({"input": row.reshape(1, 64)})
found = maker.quantize(maker.calibrate({"serving_default": samples}))
recipe_file = bytes(found.quantized_model)


# %% decoy misconception="range-too-wide" loses="examples,accuracy"
work = quantizer.Quantizer(float_file)
work.load_quantization_recipe(recipe.static_wi8_ai8())
work.update_quantization_recipe(
    regex="output/.*",
    operation_name=qtyping.TFLOperationName.FULLY_CONNECTED,
    algorithm_key="no_quantize",
)
calibration = work.calibrate({"serving_default": [{"input": row[None]} for row in digits.x_train[:50] / 64]})
recipe_file = bytes(work.quantize(calibration).quantized_model)


# %% right style="a rule that is appended"
rules = list(recipe.static_wi8_ai8())
rules.append({"regex": "output/output", "operation": "FULLY_CONNECTED", "algorithm_key": "no_quantize"})
maker = quantizer.Quantizer(float_file, rules)
samples = []
for row in digits.x_train[:80]:
    samples.append({"input": row.reshape(1, 64)})
found = maker.quantize(maker.calibrate({"serving_default": samples}))
recipe_file = bytes(found.quantized_model)


# %% right style="other examples, by a loop"
work = quantizer.Quantizer(bytearray(float_file))
work.load_quantization_recipe(recipe.static_wi8_ai8())
work.update_quantization_recipe("^output/output", qtyping.TFLOperationName.FULLY_CONNECTED, algorithm_key="no_quantize")
rows = [{"input": digits.x_train[place : place + 1]} for place in range(0, 500, 5)]
found = work.quantize(work.calibrate({"serving_default": rows}))
recipe_file = bytes(found.quantized_model)
