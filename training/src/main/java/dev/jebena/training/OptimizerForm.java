package dev.jebena.training;

import dev.jebena.nn.Adafactor;
import dev.jebena.nn.Adagrad;
import dev.jebena.nn.Adam;
import dev.jebena.nn.AdamW;
import dev.jebena.nn.Lion;
import dev.jebena.nn.Optimizer;
import dev.jebena.nn.Parameter;
import dev.jebena.nn.ParameterGroup;
import dev.jebena.nn.RmsProp;
import dev.jebena.nn.Sgd;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/// Makes the optimizer that the table `optimizer` of a recipe describes.
@FunctionalInterface
interface OptimizerForm {
    Map<String, Function<Section, OptimizerForm>> KINDS =
            new TreeMap<>(
                    Map.of(
                            "sgd", OptimizerForm::sgd,
                            "adam", OptimizerForm::adam,
                            "adamw", OptimizerForm::adamW,
                            "lion", OptimizerForm::lion,
                            "adafactor", OptimizerForm::adafactor,
                            "rmsprop", OptimizerForm::rmsProp,
                            "adagrad", OptimizerForm::adagrad));

    Optimizer of(List<Parameter> parameters);

    static OptimizerForm read(Section s) {
        return s.kind("adamw", KINDS);
    }

    private static double rate(Section s, double instead) {
        return s.number("rate", instead, 0, 1e6);
    }

    private static double decay(Section s, double instead) {
        return s.number("weight-decay", instead, 0, 1e6);
    }

    private static double share(Section s, String key, double instead) {
        return s.number(key, instead, 0, Math.nextDown(1.0));
    }

    /// All parameters alike, or biases and norms without weight decay.
    private static Function<List<Parameter>, List<ParameterGroup>> groups(Section s) {
        return s.flag("decay-all", true)
                ? parameters -> List.of(ParameterGroup.of(parameters))
                : ParameterGroup::decayMatricesOnly;
    }

    private static OptimizerForm sgd(Section s) {
        double rate = rate(s, 0.01);
        boolean nesterov = s.flag("nesterov", false);
        double momentum = share(s, "momentum", nesterov ? 0.9 : 0);
        double dampening = s.number("dampening", 0, 0, 1);
        if (nesterov && (momentum == 0 || dampening > 0)) {
            s.problem("nesterov", "needs a momentum above 0 and dampening 0");
        }
        Sgd.Options options =
                new Sgd.Options(
                        momentum,
                        dampening,
                        decay(s, 0),
                        nesterov && momentum > 0 && dampening == 0);
        var groups = groups(s);
        return p -> Sgd.ofGroups(groups.apply(p), rate, options);
    }

    private static Adam.Options moments(Section s, double decay) {
        return new Adam.Options(
                share(s, "beta1", 0.9),
                share(s, "beta2", 0.999),
                s.number("epsilon", 1e-8, 0, 1),
                decay(s, decay),
                s.flag("amsgrad", false));
    }

    private static OptimizerForm adam(Section s) {
        double rate = rate(s, 1e-3);
        Adam.Options options = moments(s, 0);
        var groups = groups(s);
        return p -> Adam.ofGroups(groups.apply(p), rate, options);
    }

    private static OptimizerForm adamW(Section s) {
        double rate = rate(s, 1e-3);
        Adam.Options options = moments(s, AdamW.defaults().weightDecay());
        var groups = groups(s);
        return p -> AdamW.ofGroups(groups.apply(p), rate, options);
    }

    private static OptimizerForm lion(Section s) {
        double rate = rate(s, 1e-4);
        double beta1 = share(s, "beta1", 0.9);
        double beta2 = share(s, "beta2", 0.99);
        double decay = decay(s, 0);
        var groups = groups(s);
        return p -> Lion.ofGroups(groups.apply(p), rate, beta1, beta2, decay);
    }

    private static OptimizerForm adafactor(Section s) {
        double rate = rate(s, 0.01);
        Adafactor.Options options = Adafactor.Options.defaults().weightDecay(decay(s, 0));
        var groups = groups(s);
        return p -> Adafactor.ofGroups(groups.apply(p), rate, options);
    }

    private static OptimizerForm rmsProp(Section s) {
        double rate = rate(s, 0.01);
        RmsProp.Options options =
                RmsProp.Options.defaults()
                        .alpha(share(s, "alpha", 0.99))
                        .momentum(share(s, "momentum", 0))
                        .centered(s.flag("centered", false))
                        .weightDecay(decay(s, 0));
        var groups = groups(s);
        return p -> RmsProp.ofGroups(groups.apply(p), rate, options);
    }

    private static OptimizerForm adagrad(Section s) {
        double rate = rate(s, 0.01);
        Adagrad.Options options =
                new Adagrad.Options(
                        s.number("rate-decay", 0, 0, 1e6),
                        decay(s, 0),
                        s.number("start", 0, 0, 1e6),
                        s.number("epsilon", 1e-10, 0, 1));
        var groups = groups(s);
        return p -> Adagrad.ofGroups(groups.apply(p), rate, options);
    }
}
