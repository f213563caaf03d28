package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import dev.jebena.compute.WeightMatrix;
import dev.jebena.formats.StoredTensor;
import dev.jebena.formats.TensorFile;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Another way to compute a model: in float64, a token after the other, straight from the formulas
/// of the families' papers. It shares nothing with the graphs but the decoding of weights.
final class PlainPass {
    private final TensorFile file;
    private final String architecture;
    private final Map<String, double[][]> decoded = new HashMap<>();

    PlainPass(TensorFile file) {
        this.file = file;
        this.architecture = String.valueOf(file.metadata().get("general.architecture"));
    }

    /// Log-probabilities after all tokens.
    double[] logprobs(int[] tokens) {
        double[][] x = hidden(tokens);
        double[][] last = norm(new double[][] {x[x.length - 1]}, "output_norm");
        double[] logits = linear(last, has("output.weight") ? "output" : "token_embd")[0];
        double cap = number("final_logit_softcapping", 0);
        double sum = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = cap == 0 ? logits[i] : cap * Math.tanh(logits[i] / cap);
            sum += Math.exp(logits[i]);
        }
        double normalizer = Math.log(sum);
        return Arrays.stream(logits).map(logit -> logit - normalizer).toArray();
    }

    private double[][] hidden(int[] tokens) {
        double[][] table = weights("token_embd.weight");
        double[][] x = new double[tokens.length][];
        double scale = architecture.startsWith("gemma") ? Math.sqrt(table[0].length) : 1;
        for (int t = 0; t < x.length; t++) {
            x[t] = Arrays.stream(table[tokens[t]]).map(each -> each * scale).toArray();
        }
        if (has("position_embd.weight")) {
            x = sum(x, weights("position_embd.weight"));
        }
        if (has("token_embd_norm.weight")) {
            x = norm(x, "token_embd_norm");
        }
        for (int i = 0; i < (int) number("block_count", 0); i++) {
            x = layer(x, i);
        }
        return x;
    }

    private double[][] layer(double[][] x, int layer) {
        String prefix = "blk." + layer + ".";
        double[][] n = norm(x, prefix + "attn_norm");
        PlainAttention attention = new PlainAttention(this, prefix, layer);
        boolean parallel =
                switch (architecture) {
                    case "phi2", "falcon" -> true;
                    case "gptneox" -> flag("use_parallel_residual");
                    default -> false;
                };
        if (parallel) {
            double[][] second = has(prefix + "ffn_norm.weight") ? norm(x, prefix + "ffn_norm") : n;
            String other = prefix + "attn_norm_2";
            double[][] first = has(other + ".weight") ? norm(x, other) : n;
            return sum(sum(x, attention.apply(first)), feedForward(second, prefix));
        }
        double[][] y = attention.apply(n);
        if (has(prefix + "post_attention_norm.weight")) {
            y = norm(y, prefix + "post_attention_norm");
        }
        double[][] middle = sum(x, y);
        double[][] z = feedForward(norm(middle, prefix + "ffn_norm"), prefix);
        if (has(prefix + "post_ffw_norm.weight")) {
            z = norm(z, prefix + "post_ffw_norm");
        }
        return sum(middle, z);
    }

    private double[][] feedForward(double[][] x, String prefix) {
        if (has(prefix + "ffn_gate_inp.weight")) {
            return new PlainExperts(this, prefix).apply(x);
        }
        double[][] up = linear(x, prefix + "ffn_up");
        boolean gelu = architecture.startsWith("gemma");
        if (architecture.equals("phi3")) {
            for (int t = 0; t < up.length; t++) {
                int half = up[t].length / 2;
                double[] gate = Arrays.copyOf(up[t], half);
                up[t] = gated(gate, Arrays.copyOfRange(up[t], half, 2 * half), false);
            }
        } else if (has(prefix + "ffn_gate.weight")) {
            double[][] gate = linear(x, prefix + "ffn_gate");
            for (int t = 0; t < up.length; t++) {
                up[t] = gated(gate[t], up[t], gelu);
            }
        } else {
            for (int t = 0; t < up.length; t++) {
                up[t] = Arrays.stream(up[t]).map(PlainPass::gelu).toArray();
            }
        }
        return linear(up, prefix + "ffn_down");
    }

    static double[] gated(double[] gate, double[] up, boolean gelu) {
        double[] product = new double[gate.length];
        for (int i = 0; i < gate.length; i++) {
            double open = gelu ? gelu(gate[i]) : gate[i] / (1 + Math.exp(-gate[i]));
            product[i] = open * up[i];
        }
        return product;
    }

    private static double gelu(double x) {
        return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    /// Of each row; the root mean square norm in families that name its epsilon.
    double[][] norm(double[][] x, String name) {
        double[] weight = weights(name + ".weight")[0];
        double[] bias =
                has(name + ".bias") ? weights(name + ".bias")[0] : new double[weight.length];
        double rms = number("attention.layer_norm_rms_epsilon", 0);
        double epsilon = rms > 0 ? rms : number("attention.layer_norm_epsilon", 0);
        double[][] out = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double mean = rms > 0 ? 0 : Arrays.stream(x[t]).average().orElse(0);
            double[] centred = Arrays.stream(x[t]).map(each -> each - mean).toArray();
            double squares = Arrays.stream(centred).map(each -> each * each).average().orElse(0);
            for (int i = 0; i < centred.length; i++) {
                centred[i] = centred[i] / Math.sqrt(squares + epsilon) * weight[i] + bias[i];
            }
            out[t] = centred;
        }
        return out;
    }

    double[][] linear(double[][] x, String name) {
        double[][] w = weights(name + ".weight");
        double[] bias = has(name + ".bias") ? weights(name + ".bias")[0] : new double[w.length];
        double[][] y = new double[x.length][w.length];
        for (int t = 0; t < x.length; t++) {
            for (int r = 0; r < w.length; r++) {
                y[t][r] = dot(w[r], x[t]) + bias[r];
            }
        }
        return y;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double[][] sum(double[][] x, double[][] y) {
        double[][] sum = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < sum[t].length; i++) {
                sum[t][i] = x[t][i] + y[t][i];
            }
        }
        return sum;
    }

    String architecture() {
        return architecture;
    }

    boolean has(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    double number(String key, double absent) {
        Object value = file.metadata().get(architecture + "." + key);
        return value instanceof Number number ? number.doubleValue() : absent;
    }

    String text(String key) {
        return String.valueOf(file.metadata().get(architecture + "." + key));
    }

    private boolean flag(String key) {
        return Boolean.TRUE.equals(file.metadata().get(architecture + "." + key));
    }

    /// A tensor's rows.
    double[][] weights(String tensor) {
        return decoded.computeIfAbsent(tensor, this::decode);
    }

    private double[][] decode(String tensor) {
        StoredTensor stored = file.tensors().get(tensor);
        if (stored == null) {
            throw new IllegalArgumentException("no tensor " + tensor);
        }
        WeightMatrix matrix = stored.matrix();
        double[][] rows = new double[matrix.rows()][matrix.columns()];
        try (Arena arena = Arena.ofConfined()) {
            FloatMatrix values = FloatMatrix.allocate(arena, 1, matrix.columns());
            for (int r = 0; r < rows.length; r++) {
                Kernels.scalar().decodeRow(matrix, r, values, 0);
                for (int i = 0; i < rows[r].length; i++) {
                    rows[r][i] = values.get(0, i);
                }
            }
        }
        return rows;
    }
}
