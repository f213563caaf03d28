package dev.jebena.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ai.onnxruntime.TensorInfo;
import dev.jebena.formats.OnnxModel;
import dev.jebena.tensor.DType;
import dev.jebena.tensor.Shape;
import dev.jebena.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// ONNX Runtime, whose results ours are compared with.
final class Peer implements AutoCloseable {
    private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
    private final OrtSession session;

    private interface Opening {
        OrtSession open(OrtEnvironment environment, OrtSession.SessionOptions options)
                throws OrtException;
    }

    private Peer(OptLevel level, Opening opening) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setOptimizationLevel(level);
            session = opening.open(environment, options);
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }

    static Peer of(OnnxModel model) {
        byte[] bytes = model.bytes();
        return new Peer(
                OptLevel.ALL_OPT, (runtime, options) -> runtime.createSession(bytes, options));
    }

    static Peer load(Path model) {
        return load(model, OptLevel.ALL_OPT);
    }

    /// Without optimizations: node by node as the model says.
    static Peer plain(Path model) {
        return load(model, OptLevel.NO_OPT);
    }

    private static Peer load(Path model, OptLevel level) {
        return new Peer(
                level, (runtime, options) -> runtime.createSession(model.toString(), options));
    }

    Map<String, Tensor> run(Map<String, Tensor> inputs) {
        Map<String, OnnxTensor> given = new LinkedHashMap<>();
        try {
            for (var entry : inputs.entrySet()) {
                given.put(entry.getKey(), tensor(entry.getValue()));
            }
            Map<String, Tensor> outputs = new LinkedHashMap<>();
            try (OrtSession.Result results = session.run(given)) {
                for (var entry : results) {
                    outputs.put(entry.getKey(), tensor(entry.getValue()));
                }
            }
            return outputs;
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        } finally {
            given.values().forEach(OnnxTensor::close);
        }
    }

    private OnnxTensor tensor(Tensor x) throws OrtException {
        long[] shape = Arrays.stream(x.shape().toArray()).asLongStream().toArray();
        ByteBuffer bytes =
                ByteBuffer.allocateDirect((int) x.memory().byteSize())
                        .order(ByteOrder.nativeOrder());
        MemorySegment.ofBuffer(bytes).copyFrom(x.memory());
        OnnxJavaType type =
                switch (x.dtype()) {
                    case FLOAT32 -> OnnxJavaType.FLOAT;
                    case FLOAT64 -> OnnxJavaType.DOUBLE;
                    case FLOAT16 -> OnnxJavaType.FLOAT16;
                    case BFLOAT16 -> OnnxJavaType.BFLOAT16;
                    case INT8 -> OnnxJavaType.INT8;
                    case UINT8 -> OnnxJavaType.UINT8;
                    case INT16 -> OnnxJavaType.INT16;
                    case INT32 -> OnnxJavaType.INT32;
                    case INT64 -> OnnxJavaType.INT64;
                    case BOOL -> OnnxJavaType.BOOL;
                };
        return OnnxTensor.createTensor(environment, bytes, shape, type);
    }

    private static Tensor tensor(OnnxValue value) {
        OnnxTensor tensor = (OnnxTensor) value;
        TensorInfo info = tensor.getInfo();
        DType type =
                switch (info.type) {
                    case FLOAT -> DType.FLOAT32;
                    case DOUBLE -> DType.FLOAT64;
                    case FLOAT16 -> DType.FLOAT16;
                    case BFLOAT16 -> DType.BFLOAT16;
                    case INT8 -> DType.INT8;
                    case UINT8 -> DType.UINT8;
                    case INT16 -> DType.INT16;
                    case INT32 -> DType.INT32;
                    case INT64 -> DType.INT64;
                    case BOOL -> DType.BOOL;
                    case STRING, UNKNOWN ->
                            throw new IllegalStateException("an output of " + info.type);
                };
        int[] shape = Arrays.stream(info.getShape()).mapToInt(Math::toIntExact).toArray();
        MemorySegment bytes = MemorySegment.ofBuffer(tensor.getByteBuffer());
        MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes.byteSize()), 64);
        copy.copyFrom(bytes);
        return Tensor.over(copy.asSlice(0, bytes.byteSize()), type, Shape.of(shape));
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
