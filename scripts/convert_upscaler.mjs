// convert_upscaler.mjs MODEL.json OUT.safetensors — a network of the upscaler packages, which TensorFlow.js reads, as
// safetensors: kernels [kH, kW, C_in, C_out] become weights [C_out, C_in, kH, kW], under the layers' names.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [modelPath, outPath] = process.argv.slice(2);
const model = JSON.parse(readFileSync(modelPath, 'utf8'));
const layers = (model.modelTopology.model_config ?? model.modelTopology).config.layers;

const tensors = [];
for (const group of model.weightsManifest) {
  const bytes = Buffer.concat(group.paths.map((path) => readFileSync(join(dirname(modelPath), path))));
  let offset = 0;
  for (const { name, shape, dtype, quantization } of group.weights) {
    if (dtype !== 'float32' || quantization) throw new Error(`${name}: ${dtype} is not read, only float32`);
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + offset, bytes.byteOffset + offset + 4 * count));
    offset += 4 * count;
    const [layer, part] = name.split('/');
    tensors.push(part === 'kernel' ? kernel(`${layer}.weight`, shape, values) : { name: `${layer}.${part}`, shape, values });
  }
}

function kernel(name, [height, width, inputs, outputs], values) {
  const turned = new Float32Array(values.length);
  for (let y = 0; y < height; ++y)
    for (let x = 0; x < width; ++x)
      for (let i = 0; i < inputs; ++i)
        for (let o = 0; o < outputs; ++o)
          turned[((o * inputs + i) * height + y) * width + x] = values[((y * width + x) * inputs + i) * outputs + o];
  return { name, shape: [outputs, inputs, height, width], values: turned };
}

// The packages feed RDN pictures of 0..255, and RRDN, which has layers of their own, pictures of 0..1.
const ofUnitRange = layers.some((layer) => layer.class_name === 'MultiplyBeta');
const header = { __metadata__: { input_range: ofUnitRange ? '1' : '255' } };
let end = 0;
for (const tensor of tensors) {
  header[tensor.name] = { dtype: 'F32', shape: tensor.shape, data_offsets: [end, end + 4 * tensor.values.length] };
  end += 4 * tensor.values.length;
}
let json = JSON.stringify(header);
json += ' '.repeat((8 - (json.length % 8)) % 8);
const length = Buffer.alloc(8);
length.writeBigUInt64LE(BigInt(json.length));
writeFileSync(outPath, Buffer.concat([length, Buffer.from(json), ...tensors.map((tensor) => Buffer.from(tensor.values.buffer))]));
