package dev.jebena.formats;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The names that a PyTorch file may use: what rebuilds tensors, Python's containers, and the
/// classes of TorchScript as names with fields.
final class TorchGlobals implements PickleGlobals {
    private static final String REMEDY =
            "; save the state_dict() only, or convert the model to safetensors";
    private static final Map<String, ElementType> STORAGES =
            Map.ofEntries(
                    Map.entry("DoubleStorage", ElementType.F64),
                    Map.entry("FloatStorage", ElementType.F32),
                    Map.entry("HalfStorage", ElementType.F16),
                    Map.entry("BFloat16Storage", ElementType.BF16),
                    Map.entry("LongStorage", ElementType.I64),
                    Map.entry("IntStorage", ElementType.I32),
                    Map.entry("ShortStorage", ElementType.I16),
                    Map.entry("CharStorage", ElementType.I8),
                    Map.entry("ByteStorage", ElementType.U8),
                    Map.entry("BoolStorage", ElementType.BOOL),
                    Map.entry("ComplexFloatStorage", ElementType.C64),
                    Map.entry("ComplexDoubleStorage", ElementType.C128));
    private static final Map<String, ElementType> DTYPES =
            Map.ofEntries(
                    Map.entry("float64", ElementType.F64),
                    Map.entry("float32", ElementType.F32),
                    Map.entry("float16", ElementType.F16),
                    Map.entry("bfloat16", ElementType.BF16),
                    Map.entry("float8_e4m3fn", ElementType.F8_E4M3),
                    Map.entry("float8_e4m3fnuz", ElementType.F8_E4M3_FNUZ),
                    Map.entry("float8_e5m2", ElementType.F8_E5M2),
                    Map.entry("float8_e5m2fnuz", ElementType.F8_E5M2_FNUZ),
                    Map.entry("float8_e8m0fnu", ElementType.F8_E8M0),
                    Map.entry("int64", ElementType.I64),
                    Map.entry("int32", ElementType.I32),
                    Map.entry("int16", ElementType.I16),
                    Map.entry("int8", ElementType.I8),
                    Map.entry("uint64", ElementType.U64),
                    Map.entry("uint32", ElementType.U32),
                    Map.entry("uint16", ElementType.U16),
                    Map.entry("uint8", ElementType.U8),
                    Map.entry("bool", ElementType.BOOL),
                    Map.entry("complex32", ElementType.C32),
                    Map.entry("complex64", ElementType.C64),
                    Map.entry("complex128", ElementType.C128));

    /// The name under which PyTorch saves tensors of `type`: a storage class, or a dtype for those
    /// that have none.
    static String nameOf(ElementType type) {
        for (Map<String, ElementType> names : List.of(STORAGES, DTYPES)) {
            for (Map.Entry<String, ElementType> entry : names.entrySet()) {
                if (entry.getValue() == type) {
                    return entry.getKey();
                }
            }
        }
        throw new FormatException("PyTorch has no tensors of " + type + "; convert it to F32");
    }

    static boolean hasStorageClass(ElementType type) {
        return STORAGES.containsValue(type);
    }

    @Override
    public Object global(String module, String name) {
        @Nullable Object known =
                switch (module) {
                    case "torch", "torch.cuda", "torch.storage" -> ofTorch(name);
                    case "torch._utils" -> rebuild(name);
                    case "torch._tensor" ->
                            name.equals("_rebuild_from_type_v2")
                                    ? (Callable) TorchGlobals::fromType
                                    : null;
                    case "torch.nn.parameter" -> new TorchTensor.Type(name, null);
                    case "torch.serialization" ->
                            name.equals("_get_layout") ? (Callable) TorchGlobals::first : null;
                    case "torch.jit._pickle" -> ofTorchScript(name);
                    case "collections" -> container(name);
                    case "__builtin__", "builtins" -> builtin(name);
                    case "_codecs" ->
                            name.equals("encode") ? (Callable) TorchGlobals::encode : null;
                    default ->
                            module.startsWith("__torch__")
                                    ? (Callable) _ -> new Instance(module + "." + name)
                                    : null;
                };
        if (known == null) {
            throw new IllegalArgumentException(
                    "the pickle names %s, which is not among what may be loaded%s"
                            .formatted(Names.quoted(module + "." + name), REMEDY));
        }
        return known;
    }

    private static @Nullable Object ofTorch(String name) {
        ElementType storage = STORAGES.get(name);
        if (storage != null) {
            return new TorchTensor.Type(name, storage);
        }
        ElementType dtype = DTYPES.get(name);
        if (dtype != null) {
            return new TorchTensor.Type("torch." + name, dtype);
        }
        return switch (name) {
            case "UntypedStorage", "Tensor" -> new TorchTensor.Type(name, null);
            case "Size" -> (Callable) TorchGlobals::first;
            case "device" -> (Callable) TorchGlobals::device;
            default -> null;
        };
    }

    private static @Nullable Callable rebuild(String name) {
        return switch (name) {
            case "_rebuild_tensor", "_rebuild_tensor_v2" -> TorchGlobals::tensor;
            case "_rebuild_tensor_v3" -> TorchGlobals::typedTensor;
            case "_rebuild_parameter", "_rebuild_parameter_with_state" -> TorchGlobals::first;
            case "_rebuild_qtensor" ->
                    throw new IllegalArgumentException(
                            "a quantized tensor (torch._utils._rebuild_qtensor) cannot be read; save it dequantized: tensor.dequantize()");
            case "_rebuild_sparse_tensor", "_rebuild_sparse_csr_tensor" ->
                    throw new IllegalArgumentException(
                            "a sparse tensor (torch._utils.%s) cannot be read; save it dense: tensor.to_dense()"
                                    .formatted(name));
            default -> null;
        };
    }

    private static @Nullable Callable ofTorchScript(String name) {
        return switch (name) {
            case "build_intlist",
                    "build_doublelist",
                    "build_boollist",
                    "build_tensorlist",
                    "restore_type_tag" ->
                    TorchGlobals::first;
            default -> null;
        };
    }

    private static @Nullable Callable container(String name) {
        return switch (name) {
            case "OrderedDict", "Counter" -> TorchGlobals::dict;
            case "defaultdict" ->
                    arguments ->
                            dict(
                                    arguments.isEmpty()
                                            ? arguments
                                            : arguments.subList(1, arguments.size()));
            default -> null;
        };
    }

    private static @Nullable Callable builtin(String name) {
        return switch (name) {
            case "set", "frozenset", "list", "bytearray" ->
                    arguments ->
                            arguments.isEmpty()
                                    ? new ArrayList<>()
                                    : arguments.getFirst() instanceof List<?> list
                                            ? new ArrayList<>(list)
                                            : first(arguments);
            case "dict" -> TorchGlobals::dict;
            case "bytes" -> arguments -> arguments.isEmpty() ? new byte[0] : first(arguments);
            case "complex" -> arguments -> Collections.unmodifiableList(new ArrayList<>(arguments));
            // Only as what a defaultdict makes.
            case "int", "float", "str", "bool" ->
                    _ -> {
                        throw new IllegalArgumentException("a call of " + name);
                    };
            default -> null;
        };
    }

    private static @Nullable Object first(List<? extends @Nullable Object> arguments) {
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a call without arguments");
        }
        return arguments.getFirst();
    }

    /// A dict, of pairs where there are some.
    private static Object dict(List<? extends @Nullable Object> arguments) {
        Map<Object, @Nullable Object> dict = new LinkedHashMap<>();
        if (arguments.isEmpty()) {
            return dict;
        }
        switch (arguments.getFirst()) {
            case LinkedHashMap<?, ?> map -> dict.putAll(map);
            case List<?> pairs -> {
                for (Object pair : pairs) {
                    if (!(pair instanceof List<?> two)
                            || two.size() != 2
                            || !(two.getFirst() instanceof Comparable<?> key)) {
                        throw new IllegalArgumentException("a dict of something that is no pair");
                    }
                    dict.put(key, two.get(1));
                }
            }
            case null, default ->
                    throw new IllegalArgumentException("a dict of something that is no list");
        }
        return dict;
    }

    private static Object device(List<? extends @Nullable Object> arguments) {
        if (first(arguments) instanceof String kind) {
            return arguments.size() > 1 && arguments.get(1) instanceof Long index
                    ? kind + ":" + index
                    : kind;
        }
        throw new IllegalArgumentException("a device without a name");
    }

    /// How protocol 2 writes bytes: as characters of Latin 1.
    private static Object encode(List<? extends @Nullable Object> arguments) {
        if (first(arguments) instanceof String text) {
            return text.getBytes(StandardCharsets.ISO_8859_1);
        }
        throw new IllegalArgumentException("bytes of something that is no string");
    }

    /// A tensor of a subclass, or one with attributes: (function, type, arguments, state).
    private static @Nullable Object fromType(List<? extends @Nullable Object> arguments) {
        if (arguments.size() == 4
                && arguments.get(0) instanceof Callable function
                && arguments.get(1) instanceof TorchTensor.Type
                && arguments.get(2) instanceof List<?> inner) {
            return function.call(inner);
        }
        throw new IllegalArgumentException("a tensor of a class that is not PyTorch's own");
    }

    /// (storage, offset, shape, strides, requires_grad, hooks, metadata), the last ones optional.
    private static Object tensor(List<? extends @Nullable Object> arguments) {
        TorchTensor.Storage storage = storage(arguments, 4);
        if (storage.type() == null) {
            throw new IllegalArgumentException("a tensor of a storage without element type");
        }
        if (arguments.size() > 6
                && arguments.get(6) instanceof Map<?, ?> flags
                && !flags.isEmpty()) {
            throw new IllegalArgumentException(
                    "a conjugated or negated view cannot be read; save it as tensor.resolve_conj().resolve_neg()");
        }
        return TorchTensor.of(
                storage,
                storage.type(),
                some(arguments, 1),
                some(arguments, 2),
                some(arguments, 3));
    }

    /// (storage, offset, shape, strides, requires_grad, hooks, dtype, metadata)
    private static Object typedTensor(List<? extends @Nullable Object> arguments) {
        TorchTensor.Storage storage = storage(arguments, 7);
        if (!(arguments.get(6) instanceof TorchTensor.Type type) || type.type() == null) {
            throw new IllegalArgumentException("a tensor of an unknown element type");
        }
        return TorchTensor.of(
                storage, type.type(), some(arguments, 1), some(arguments, 2), some(arguments, 3));
    }

    private static TorchTensor.Storage storage(
            List<? extends @Nullable Object> arguments, int least) {
        if (arguments.size() >= least
                && arguments.getFirst() instanceof TorchTensor.Storage storage) {
            return storage;
        }
        throw new IllegalArgumentException("a tensor without a storage");
    }

    private static Object some(List<? extends @Nullable Object> arguments, int at) {
        Object argument = arguments.get(at);
        if (argument == null) {
            throw new IllegalArgumentException("a tensor without its shape");
        }
        return argument;
    }

    /// ('storage', type, key, device, elements) and, in old files, (view's key, its first element,
    /// its length) or None.
    @Override
    public Object persistent(@Nullable Object id) {
        if (id instanceof List<?> parts
                && (parts.size() == 5 || parts.size() == 6)
                && "storage".equals(parts.getFirst())
                && parts.get(1) instanceof TorchTensor.Type type
                && parts.get(2) instanceof String key
                && parts.get(4) instanceof Long elements
                && elements >= 0) {
            long first = 0;
            if (parts.size() == 6
                    && parts.get(5) instanceof List<?> view
                    && view.size() == 3
                    && view.get(1) instanceof Long at
                    && at >= 0) {
                first = at;
            }
            return new TorchTensor.Storage(type.type(), key, elements, first);
        }
        throw new IllegalArgumentException("a reference to something that is no storage");
    }
}
