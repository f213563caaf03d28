package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adam's mean squares as products of a row and a column (Shazeer and Stern 2018), as in
/// `torch.optim.Adafactor`. State: `row_var`, `col_var` of tensors with two axes or more, else
/// `variance`.
public final class Adafactor extends Optimizer {
    /// @param beta2Decay the mean square keeps the share `1 - step^beta2Decay`
    /// @param epsilon1 below mean squares; null for the type's distance from 1 to the next number
    /// @param epsilon2 least size of a parameter that the rate is relative to
    /// @param most largest root mean square of a step
    public record Options(
            double beta2Decay,
            @Nullable Double epsilon1,
            double epsilon2,
            double most,
            double weightDecay) {
        public static Options defaults() {
            return new Options(-0.8, null, 1e-3, 1, 0);
        }

        public Options weightDecay(double factor) {
            return new Options(beta2Decay, epsilon1, epsilon2, most, factor);
        }
    }

    private final Options options;

    private Adafactor(List<ParameterGroup> groups, double rate, Options options) {
        super(groups, rate, options.weightDecay);
        this.options = options;
    }

    /// PyTorch's default rate is 0.01.
    public static Adafactor of(List<Parameter> parameters, double rate) {
        return of(parameters, rate, Options.defaults());
    }

    public static Adafactor of(List<Parameter> parameters, double rate, Options options) {
        return ofGroups(List.of(ParameterGroup.of(parameters)), rate, options);
    }

    public static Adafactor ofGroups(List<ParameterGroup> groups, double rate, Options options) {
        return new Adafactor(groups, rate, options);
    }

    @Override
    protected Tensor update(Tensor value, Tensor g, Moments memory, double rate, double decay) {
        double fresh = Math.pow((double) memory.step(), options.beta2Decay);
        double rho = Math.min(rate, 1 / Math.sqrt((double) memory.step()));
        double alpha = Math.max(options.epsilon2, rms(value)) * rho;
        Tensor shrunk = decay == 0 ? value : value.mul(1 - rate * decay);
        Tensor variance = g.rank() > 1 ? factored(g, memory, fresh) : whole(g, memory, fresh);
        double least = epsilon(g.dtype());
        Tensor step = g.mul(variance.clampMin(least * least).rsqrt());
        double size = alpha / Math.max(1, rms(step) / options.most);
        return shrunk.sub(step.mul(size));
    }

    private double epsilon(DType type) {
        if (options.epsilon1 != null) {
            return options.epsilon1;
        }
        return switch (type) {
            case FLOAT64 -> Math.ulp(1.0);
            case FLOAT16 -> 0x1p-10;
            case BFLOAT16 -> 0x1p-7;
            default -> Math.ulp(1f);
        };
    }

    private static double rms(Tensor x) {
        return x.norm().item() / Math.sqrt((double) x.size());
    }

    private static Tensor whole(Tensor g, Moments memory, double fresh) {
        return memory.set("variance", memory.get("variance", g).lerp(g.square(), fresh));
    }

    private Tensor factored(Tensor g, Moments memory, double fresh) {
        Tensor square = g.square();
        Tensor rows = square.mean(true, -1);
        Tensor columns = square.mean(true, -2);
        Tensor row = memory.set("row_var", memory.get("row_var", rows).lerp(rows, fresh));
        Tensor column = memory.set("col_var", memory.get("col_var", columns).lerp(columns, fresh));
        Tensor mean = row.mean(true, -2).clampMin(epsilon(g.dtype()));
        return row.mul(column).div(mean);
    }
}
