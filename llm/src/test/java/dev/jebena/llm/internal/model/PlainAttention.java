package dev.jebena.llm.internal.model;

import java.util.Arrays;

/// The attention of one layer of a [PlainPass].
final class PlainAttention {
    private final PlainPass pass;
    private final String prefix;
    private final int layer;
    private final int heads;
    private final int kvHeads;
    private final int headDim;

    PlainAttention(PlainPass pass, String prefix, int layer) {
        this.pass = pass;
        this.prefix = prefix;
        this.layer = layer;
        heads = (int) pass.number("attention.head_count", 0);
        kvHeads = (int) pass.number("attention.head_count_kv", heads);
        double width = pass.number("embedding_length", 0);
        headDim = (int) pass.number("attention.key_length", width / heads);
    }

    double[][] apply(double[][] x) {
        double[][] q;
        double[][] k;
        double[][] v;
        if (pass.has(prefix + "attn_qkv.weight")) {
            double[][] all = pass.linear(x, prefix + "attn_qkv");
            int first = heads * headDim;
            int second = first + kvHeads * headDim;
            q = part(all, 0, first);
            k = part(all, first, second);
            v = part(all, second, second + kvHeads * headDim);
        } else {
            q = pass.linear(x, prefix + "attn_q");
            k = pass.linear(x, prefix + "attn_k");
            v = pass.linear(x, prefix + "attn_v");
        }
        rotated(q, heads, "attn_q_norm");
        rotated(k, kvHeads, "attn_k_norm");
        double[][] out = new double[x.length][heads * headDim];
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < heads; head++) {
                attend(q, k, v, t, head, out);
            }
        }
        return pass.linear(out, prefix + "attn_output");
    }

    private static double[][] part(double[][] x, int begin, int end) {
        return Arrays.stream(x)
                .map(row -> Arrays.copyOfRange(row, begin, end))
                .toArray(double[][]::new);
    }

    /// Normalizes heads where the model does, then rotates them where it does.
    private void rotated(double[][] x, int count, String norm) {
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < count; head++) {
                int at = head * headDim;
                double[] one = Arrays.copyOfRange(x[t], at, at + headDim);
                if (pass.has(prefix + norm + ".weight")) {
                    one = pass.norm(new double[][] {one}, prefix + norm)[0];
                }
                if (!pass.architecture().equals("gpt2") && !pass.architecture().equals("bloom")) {
                    rotate(one, t);
                }
                System.arraycopy(one, 0, x[t], at, headDim);
            }
        }
    }

    private boolean windowed() {
        return switch (pass.architecture()) {
            case "gemma2" -> layer % 2 == 0;
            case "gemma3" -> layer % 6 != 5;
            default -> false;
        };
    }

    private void rotate(double[] head, int position) {
        int rotated = (int) pass.number("rope.dimension_count", headDim);
        boolean near = pass.architecture().equals("gemma3") && windowed();
        double base = pass.number(near ? "rope.freq_base_swa" : "rope.freq_base", 10_000);
        boolean neighbours = pass.architecture().equals("llama");
        double magnitude = pass.number("rope.scaling.attn_factor", 1);
        for (int i = 0; i < rotated / 2; i++) {
            double angle = position * Math.pow(base, -2.0 * i / rotated) / factor(i);
            int a = neighbours ? 2 * i : i;
            int b = neighbours ? 2 * i + 1 : i + rotated / 2;
            double cos = Math.cos(angle) * magnitude;
            double sin = Math.sin(angle) * magnitude;
            double u = head[a];
            double v = head[b];
            head[a] = u * cos - v * sin;
            head[b] = u * sin + v * cos;
        }
    }

    private double factor(int pair) {
        if (pass.has("rope_freqs.weight")) {
            return pass.weights("rope_freqs.weight")[0][pair];
        }
        if (pass.has("rope_factors_long.weight")) {
            double original = pass.number("rope.scaling.original_context_length", 0);
            boolean far = pass.number("context_length", 0) > original;
            return pass.weights("rope_factors_" + (far ? "long" : "short") + ".weight")[0][pair];
        }
        return pass.text("rope.scaling.type").equals("linear")
                ? pass.number("rope.scaling.factor", 1)
                : 1;
    }

    private void attend(double[][] q, double[][] k, double[][] v, int t, int head, double[][] out) {
        int kvAt = head / (heads / kvHeads) * headDim;
        int at = head * headDim;
        int window = windowed() ? (int) pass.number("attention.sliding_window", 0) : t + 1;
        int first = Math.max(0, t - window + 1);
        double cap = pass.number("attn_logit_softcapping", 0);
        double[] weights = new double[t + 1];
        double sum = 0;
        for (int s = first; s <= t; s++) {
            double dot = 0;
            for (int i = 0; i < headDim; i++) {
                dot += q[t][at + i] * k[s][kvAt + i];
            }
            double logit = dot / Math.sqrt(headDim);
            logit = cap == 0 ? logit : cap * Math.tanh(logit / cap);
            if (pass.architecture().equals("bloom")) {
                logit -= slope(head) * (t - s);
            }
            weights[s] = Math.exp(logit);
            sum += weights[s];
        }
        for (int s = first; s <= t; s++) {
            for (int i = 0; i < headDim; i++) {
                out[t][at + i] += weights[s] / sum * v[s][kvAt + i];
            }
        }
    }

    /// Slopes of ALiBi: those of a power of two of heads form a geometric sequence that ends at
    /// 2^-8; the heads that exceed it take every other one of the sequence for twice as many.
    private double slope(int head) {
        int regular = 1;
        while (2 * regular <= heads) {
            regular *= 2;
        }
        return head < regular
                ? Math.pow(Math.pow(2, -8.0 / regular), head + 1)
                : Math.pow(Math.pow(2, -4.0 / regular), 2 * (head - regular) + 1);
    }
}
