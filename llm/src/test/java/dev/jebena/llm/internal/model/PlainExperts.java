package dev.jebena.llm.internal.model;

import java.util.Arrays;

/// The mixture of experts of one layer of a [PlainPass].
final class PlainExperts {
    private final PlainPass pass;
    private final String prefix;

    PlainExperts(PlainPass pass, String prefix) {
        this.pass = pass;
        this.prefix = prefix;
    }

    double[][] apply(double[][] x) {
        double[][] logits = pass.linear(x, prefix + "ffn_gate_inp");
        double[][] y = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            y[t] = mixture(x[t], logits[t]);
        }
        return pass.has(prefix + "ffn_gate_shexp.weight") ? PlainPass.sum(y, shared(x)) : y;
    }

    private double[] mixture(double[] x, double[] logits) {
        double[] open = Arrays.stream(logits).map(Math::exp).toArray();
        double all = Arrays.stream(open).sum();
        int used = (int) pass.number("expert_used_count", 0);
        double least = Arrays.stream(open).sorted().skip(open.length - used).findFirst().orElse(0);
        double chosen = Arrays.stream(open).filter(each -> each >= least).sum();
        double total = pass.architecture().equals("qwen2moe") ? all : chosen;
        double[] y = new double[x.length];
        for (int expert = 0; expert < open.length; expert++) {
            if (open[expert] >= least) {
                double[] result = expert(x, expert, open.length);
                for (int i = 0; i < y.length; i++) {
                    y[i] += open[expert] / total * result[i];
                }
            }
        }
        return y;
    }

    private double[] expert(double[] x, int expert, int count) {
        double[] gate = product("ffn_gate_exps", x, expert, count);
        double[] up = product("ffn_up_exps", x, expert, count);
        return product("ffn_down_exps", PlainPass.gated(gate, up, false), expert, count);
    }

    private double[] product(String name, double[] x, int expert, int count) {
        double[][] all = pass.weights(prefix + name + ".weight");
        int rows = all.length / count;
        double[] y = new double[rows];
        for (int r = 0; r < rows; r++) {
            y[r] = PlainPass.dot(all[expert * rows + r], x);
        }
        return y;
    }

    private double[][] shared(double[][] x) {
        double[][] gate = pass.linear(x, prefix + "ffn_gate_shexp");
        double[][] up = pass.linear(x, prefix + "ffn_up_shexp");
        double[][] open = pass.linear(x, prefix + "ffn_gate_inp_shexp");
        for (int t = 0; t < x.length; t++) {
            gate[t] = PlainPass.gated(gate[t], up[t], false);
        }
        double[][] y = pass.linear(gate, prefix + "ffn_down_shexp");
        for (int t = 0; t < x.length; t++) {
            double factor = 1 / (1 + Math.exp(-open[t][0]));
            y[t] = Arrays.stream(y[t]).map(each -> each * factor).toArray();
        }
        return y;
    }
}
