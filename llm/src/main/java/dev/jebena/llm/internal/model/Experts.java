package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A mixture of experts (Shazeer et al. 2017): for each row a router chooses a few of many
/// feed-forward networks, and their results are added with its weights.
///
/// The rows of a pass are put in order of their experts, so that each matrix is read once for all
/// of its rows. A row's sum runs in order of its weights, so it does not depend on the other rows.
///
/// @param router gives a logit for each expert
/// @param experts with gates, all of the same shape
/// @param rule how a row's experts follow from the logits
/// @param shared an expert of all rows, or null
record Experts(
        Linear router, List<FeedForward> experts, RoutingRule rule, @Nullable SharedExpert shared)
        implements Body {
    @Override
    public void reserve(Scratch.Plan plan) {
        FeedForward one = experts.getFirst();
        int used = rule.used();
        plan.reserveInput(router);
        plan.reserve(Scratch.Slot.ROUTED, router.outputs());
        plan.reserveInputs(one.up(), used);
        plan.reserveInputs(one.down(), used);
        plan.reserveRows(Scratch.Slot.EXPERT_IN, one.up().inputs(), used);
        plan.reserveRows(Scratch.Slot.GATE, one.up().outputs(), used);
        plan.reserveRows(Scratch.Slot.UP, one.up().outputs(), used);
        plan.reserveRows(Scratch.Slot.EXPERT_OUT, one.down().outputs(), used);
        if (shared != null) {
            shared.reserve(plan);
        }
    }

    @Override
    public void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        FloatMatrix logits = pass.matrix(Scratch.Slot.ROUTED, router.outputs());
        pass.multiply(in).by(router, logits).run(pass);
        pass.addBias(router, logits);
        Routing routing = new Routing(pass.rows(), experts.size(), rule);
        pass.eachRow((long) rule.used() * experts.size(), row -> routing.choose(logits, row));
        routing.group();
        FloatMatrix results = compute(pass, in, routing);
        pass.eachRow(
                (long) rule.used() * out.columns(), row -> add(pass, routing, results, out, row));
        if (shared != null) {
            shared.run(pass, in, out);
        }
    }

    /// The results of all experts, in the order of the routing.
    private FloatMatrix compute(Pass pass, FloatMatrix in, Routing routing) {
        Kernels kernels = pass.kernels();
        FeedForward one = experts.getFirst();
        int rows = routing.places();
        FloatMatrix x = pass.matrix(Scratch.Slot.EXPERT_IN, rows, in.columns());
        FloatMatrix g = pass.matrix(Scratch.Slot.GATE, rows, one.up().outputs());
        FloatMatrix u = pass.matrix(Scratch.Slot.UP, rows, one.up().outputs());
        FloatMatrix y = pass.matrix(Scratch.Slot.EXPERT_OUT, rows, in.columns());
        pass.eachOf(rows, x.columns(), place -> in.copyRow(routing.rowAt(place), x, place));
        ProductStage opening = pass.multiply(x, routing::rowAt);
        for (int i = 0; i < experts.size(); i++) {
            FeedForward expert = experts.get(i);
            opening.by(expert.opened(), g, routing.first(i), routing.first(i + 1));
            opening.by(expert.up(), u, routing.first(i), routing.first(i + 1));
        }
        opening.run(pass);
        pass.eachOf(
                rows,
                4L * g.columns(),
                place -> {
                    FeedForward expert = experts.get(routing.expertAt(place));
                    addBias(kernels, expert.opened(), g, place);
                    addBias(kernels, expert.up(), u, place);
                    expert.activate(kernels, g, u, place);
                });
        ProductStage closing = pass.multiply(g, routing::rowAt);
        for (int i = 0; i < experts.size(); i++) {
            closing.by(experts.get(i).down(), y, routing.first(i), routing.first(i + 1));
        }
        closing.run(pass);
        if (one.down().bias() != null) {
            pass.eachOf(
                    rows,
                    y.columns(),
                    place -> {
                        addBias(kernels, experts.get(routing.expertAt(place)).down(), y, place);
                    });
        }
        return y;
    }

    private static void addBias(Kernels kernels, Linear linear, FloatMatrix x, int row) {
        if (linear.bias() != null) {
            kernels.add(x, row, linear.bias(), 0);
        }
    }

    private void add(Pass pass, Routing routing, FloatMatrix results, FloatMatrix out, int row) {
        out.clearRow(row);
        for (int rank = 0; rank < rule.used(); rank++) {
            int place = routing.place(row, rank);
            pass.kernels().addScaled(out, row, results, place, routing.weight(row, rank));
        }
    }
}
