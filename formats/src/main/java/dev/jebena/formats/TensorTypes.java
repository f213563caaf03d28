package dev.jebena.formats;

import dev.jebena.compute.DataType;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which type each tensor of a model gets in a [Mix]: the choices of llama.cpp's quantizer, so that
/// a model of a name has the same bits for each weight whoever made it.
///
/// Values, the ends of the network and the last matrix of feed-forward networks suffer most from
/// rounding, so they get more bits than the rest.
final class TensorTypes {
    private static final Pattern LAYER = Pattern.compile("^blk\\.(\\d{1,6})\\.");

    /// Parts of names whose tensors are small and matter much.
    private static final List<String> KEPT =
            List.of(
                    "_norm.weight",
                    "ffn_gate_inp.weight",
                    "altup",
                    "laurel",
                    "per_layer_model_proj",
                    "ssm_conv1d",
                    "shortconv.conv.weight",
                    "time_mix_first.weight",
                    "time_mix_w",
                    "time_mix_v",
                    "time_mix_a",
                    "time_mix_g",
                    "time_mix_decay_w",
                    "time_mix_lerp_fused.weight",
                    "attn_rel_b.weight",
                    ".position_embd",
                    ".patch_embd");

    private final Mix mix;
    private final boolean pure;
    private final boolean importance;
    private final boolean falcon;
    private final boolean tied;
    private final int layers;
    private final int experts;
    private final int sharing;

    /// @param pure whether every tensor gets the mix's main type
    /// @param importance whether the importance of columns is known
    TensorTypes(Mix mix, TensorFile file, boolean pure, boolean importance) {
        this.mix = mix;
        this.pure = pure;
        this.importance = importance;
        Map<String, Object> metadata = file.metadata();
        String architecture = String.valueOf(metadata.get("general.architecture"));
        this.falcon = architecture.equals("falcon");
        this.tied = !file.tensors().containsKey("output.weight");
        this.layers = number(metadata, architecture + ".block_count", 0);
        this.experts = number(metadata, architecture + ".expert_count", 0);
        int heads = number(metadata, architecture + ".attention.head_count", 1);
        int kvHeads = number(metadata, architecture + ".attention.head_count_kv", heads);
        this.sharing = kvHeads > 0 ? heads / kvHeads : 1;
    }

    /// The number under `key`; the first where there is one for each layer.
    private static int number(Map<String, Object> metadata, String key, int absent) {
        return switch (metadata.get(key)) {
            case Long number -> Math.clamp(number, 0, 1 << 20);
            case int[] numbers when numbers.length > 0 -> Math.clamp(numbers[0], 0, 1 << 20);
            case long[] numbers when numbers.length > 0 -> Math.clamp(numbers[0], 0, 1 << 20);
            case null, default -> absent;
        };
    }

    DataType of(StoredTensor tensor) {
        if (!quantizes(tensor)) {
            return tensor.type();
        }
        if (!mix.isQuantized()) {
            return mix.base();
        }
        long columns = tensor.shape().getLast();
        return fitting(pure ? mix.base() : mixed(tensor, columns), columns);
    }

    /// Whether a tensor is a matrix that may have fewer bits.
    static boolean quantizes(StoredTensor tensor) {
        String name = tensor.name();
        return tensor.shape().size() > 1
                && name.endsWith("weight")
                && !name.equals("position_embd.weight")
                && !name.equals("token_types.weight")
                && KEPT.stream().noneMatch(name::contains);
    }

    /// `type`, or one of smaller blocks where a row is no whole number of its blocks.
    private static DataType fitting(DataType type, long columns) {
        if (columns % type.blockSize() == 0) {
            return type;
        }
        DataType smaller =
                switch (type) {
                    case IQ4_XS -> DataType.IQ4_NL;
                    case Q2_K, Q3_K, TQ1_0, TQ2_0 -> DataType.Q4_0;
                    case Q4_K -> DataType.Q5_0;
                    case Q5_K -> DataType.Q5_1;
                    case Q6_K -> DataType.Q8_0;
                    default -> DataType.F16;
                };
        return columns % smaller.blockSize() == 0 ? smaller : DataType.F16;
    }

    private DataType mixed(StoredTensor tensor, long columns) {
        String name = tensor.name();
        if (mix == Mix.MXFP4_MOE) {
            return tensor.shape().size() > 2 ? mix.base() : DataType.Q8_0;
        }
        boolean embedding = name.endsWith("token_embd.weight");
        if (name.equals("output.weight") || (tied && embedding)) {
            boolean large = falcon || columns % mix.base().blockSize() != 0;
            return large || mix == Mix.Q8_0 ? DataType.Q8_0 : DataType.Q6_K;
        }
        if (embedding && (mix == Mix.TQ1_0 || mix == Mix.TQ2_0)) {
            return DataType.Q4_K;
        }
        Matcher layer = LAYER.matcher(name);
        int i = layer.find() ? Integer.parseInt(layer.group(1)) : 0;
        if (name.contains("attn_v.weight")
                || name.contains("attn_qkv.weight")
                || name.contains("attn_kv_b.weight")) {
            return values(i);
        }
        if (name.contains("attn_k.weight")) {
            return experts == 8 ? DataType.Q8_0 : mix.base();
        }
        if (name.contains("ffn_down")) {
            return falcon ? falconDown(i) : down(i);
        }
        return name.contains("attn_output.weight") ? attentionOutput() : mix.base();
    }

    private DataType values(int i) {
        if (experts == 8) {
            return DataType.Q8_0;
        }
        boolean shared = sharing >= 4;
        DataType type =
                switch (mix) {
                    case Q2_K -> shared ? DataType.Q4_K : DataType.Q3_K;
                    case Q2_K_S -> shared ? DataType.Q4_K : DataType.Q2_K;
                    case Q3_K_M -> i < 2 ? DataType.Q5_K : DataType.Q4_K;
                    case Q3_K_L -> DataType.Q5_K;
                    case Q4_K_S -> i < 4 ? DataType.Q5_K : DataType.Q4_K;
                    case Q4_K_M, Q5_K_M -> moreBits(i) ? DataType.Q6_K : mix.base();
                    case IQ4_NL, IQ4_XS -> shared ? DataType.Q5_K : mix.base();
                    default -> mix.base();
                };
        // Llama's 70B: eight heads share their values, so that more bits cost little.
        boolean cheap = layers == 80 && sharing > 1;
        return cheap && (type == DataType.Q3_K || type == DataType.Q4_K) ? DataType.Q5_K : type;
    }

    private DataType down(int i) {
        boolean early = i < layers / 8;
        return switch (mix) {
            case Q2_K -> DataType.Q3_K;
            case Q2_K_S -> early ? DataType.Q4_K : DataType.Q2_K;
            case Q3_K_M -> i < layers / 16 ? DataType.Q5_K : DataType.Q4_K;
            case Q3_K_L -> DataType.Q5_K;
            case Q4_K_S -> early ? DataType.Q5_K : DataType.Q4_K;
            case Q4_K_M, Q5_K_M -> moreBits(i) ? DataType.Q6_K : mix.base();
            case IQ4_NL, IQ4_XS -> early && !importance ? DataType.Q5_K : mix.base();
            case Q4_0 -> early && importance ? DataType.Q4_1 : DataType.Q4_0;
            case Q5_0 -> early && importance ? DataType.Q5_1 : DataType.Q5_0;
            default -> mix.base();
        };
    }

    private DataType falconDown(int i) {
        boolean first = i < layers / 16;
        return switch (mix) {
            case Q3_K_M -> first ? DataType.Q5_K : moreBits(i) ? DataType.Q4_K : DataType.Q3_K;
            case Q3_K_L -> DataType.Q4_K;
            case Q4_K_M -> first ? DataType.Q6_K : moreBits(i) ? DataType.Q5_K : DataType.Q4_K;
            case Q4_K_S -> DataType.Q4_K;
            default -> down(i);
        };
    }

    private DataType attentionOutput() {
        if (falcon) {
            return mix == Mix.Q3_K_L ? DataType.Q4_K : mix.base();
        }
        if (experts == 8) {
            return switch (mix) {
                case Q2_K, Q3_K_S, Q3_K_M, Q4_K_S, Q4_K_M, IQ4_NL, IQ4_XS -> DataType.Q5_K;
                default -> mix.base();
            };
        }
        return switch (mix) {
            case Q2_K -> DataType.Q3_K;
            case Q3_K_M -> DataType.Q4_K;
            case Q3_K_L -> DataType.Q5_K;
            default -> mix.base();
        };
    }

    /// The first and the last eighth of the layers, and every third between.
    private boolean moreBits(int i) {
        int eighth = layers / 8;
        return i < eighth || i >= 7 * layers / 8 || (i - eighth) % 3 == 2;
    }
}
