package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Gradients;
import dev.jebena.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Multiplies losses so that gradients in float16 do not vanish, and divides the gradients again. A
/// step whose gradients overflow is left out and the factor halved; after a while without that it
/// is doubled.
///
/// ```java
/// Gradients scaled = scaler.scale(loss).backward();
/// scaler.unscale(optimizer.parameters(), scaled).ifPresent(optimizer::step);
/// ```
public final class LossScaler implements Stateful {
    /// @param first factor at the begin
    /// @param growth factor of the factor after `interval` steps without overflow
    /// @param backoff factor of the factor after an overflow
    public record Options(double first, double growth, double backoff, int interval) {
        public static Options defaults() {
            return new Options(65536, 2, 0.5, 2000);
        }
    }

    private final Options options;
    private double factor;
    private long good;

    private LossScaler(Options options) {
        this.options = options;
        factor = options.first;
    }

    public static LossScaler of(Options options) {
        return new LossScaler(options);
    }

    /// The current factor.
    public double factor() {
        return factor;
    }

    public Tensor scale(Tensor loss) {
        return loss.to(DType.FLOAT32).mul(factor);
    }

    /// The gradients of the loss itself; none when one is infinite or NaN. Moves the factor on.
    public Optional<ParameterGradients> unscale(List<Parameter> parameters, Gradients scaled) {
        return unscale(ParameterGradients.of(parameters, scaled));
    }

    public Optional<ParameterGradients> unscale(ParameterGradients scaled) {
        ParameterGradients plain = scaled.times(1 / factor);
        if (!plain.isFinite()) {
            factor *= options.backoff;
            good = 0;
            return Optional.empty();
        }
        good++;
        if (good == options.interval) {
            factor *= options.growth;
            good = 0;
        }
        return Optional.of(plain);
    }

    @Override
    public Map<String, Tensor> stateDict() {
        return Map.of(
                "scale", Tensor.scalar(factor, DType.FLOAT64),
                "growth_tracker", Tensor.scalar(good, DType.INT64));
    }

    @Override
    public void loadStateDict(Map<String, Tensor> state) {
        double number = StateCheck.number(state, "scale");
        good = StateCheck.integer(state, "growth_tracker");
        factor = number;
    }
}
