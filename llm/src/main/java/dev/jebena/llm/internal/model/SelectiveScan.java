package dev.jebena.llm.internal.model;

import dev.jebena.compute.FloatMatrix;
import dev.jebena.compute.Kernels;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The body of a Mamba layer: a short convolution over positions, then a state that each position
/// changes by a step that depends on it.
///
/// Channels are independent of each other, so that tiles of them are computed by different threads;
/// positions follow one another. What a sequence has computed lies in the pool, so that its rows
/// may come in any chunks.
///
/// @param input to the channels
/// @param gate of their results
/// @param convolution `[channels][kernel]`
/// @param convolutionBias null where the file has none
/// @param selection to the step's inputs, to the inputs of the states, to their outputs
/// @param norms of what the selection gives; empty in most models
/// @param step with a bias
/// @param decay `[channels][states]`, negative
/// @param skip what of a channel's input goes past the state
record SelectiveScan(
        int layer,
        StateSpace space,
        Linear input,
        Linear gate,
        FloatMatrix convolution,
        @Nullable FloatMatrix convolutionBias,
        List<Linear> selection,
        List<Norm> norms,
        Linear step,
        FloatMatrix decay,
        FloatMatrix skip,
        Linear output)
        implements Body {
    /// Channels that a thread takes at a time.
    private static final int TILE = 64;

    static SelectiveScan read(
            Weights weights, int layer, int width, StateSpace space, float epsilon) {
        String prefix = "blk." + layer + ".";
        int channels = space.channels();
        List<Linear> in = Linear.split(weights, prefix + "ssm_in", width, channels, channels);
        return new SelectiveScan(
                layer,
                space,
                in.get(0),
                in.get(1),
                weights.table(prefix + "ssm_conv1d.weight", channels, space.kernel()),
                weights.optionalVector(prefix + "ssm_conv1d.bias", channels),
                Linear.split(
                        weights,
                        prefix + "ssm_x",
                        channels,
                        space.rank(),
                        space.states(),
                        space.states()),
                norms(weights, space, epsilon),
                Linear.read(weights, prefix + "ssm_dt", channels, space.rank()),
                weights.table(prefix + "ssm_a", channels, space.states()),
                weights.vector(prefix + "ssm_d", channels),
                Linear.read(weights, prefix + "ssm_out", width, channels));
    }

    /// They have no weights.
    private static List<Norm> norms(Weights weights, StateSpace space, float epsilon) {
        if (!weights.flag("ssm.dt_b_c_rms", false)) {
            return List.of();
        }
        Norm steps = new Norm.Rms(weights.ones(space.rank()), epsilon);
        Norm states = new Norm.Rms(weights.ones(space.states()), epsilon);
        return List.of(steps, states, states);
    }

    @Override
    public void reserve(Scratch.Plan plan) {
        List.of(input, gate, step, output).forEach(plan::reserveInput);
        selection.forEach(plan::reserveInput);
        plan.reserve(Scratch.Slot.UP, space.channels());
        plan.reserve(Scratch.Slot.GATE, space.channels());
        plan.reserve(Scratch.Slot.QUERIES, space.channels());
        plan.reserve(Scratch.Slot.ATTENDED, space.rank());
        plan.reserve(Scratch.Slot.KEYS, space.states());
        plan.reserve(Scratch.Slot.VALUES, space.states());
    }

    @Override
    public void run(Pass pass, FloatMatrix in, FloatMatrix out) {
        Kernels kernels = pass.kernels();
        FloatMatrix x = pass.matrix(Scratch.Slot.UP, space.channels());
        FloatMatrix z = pass.matrix(Scratch.Slot.GATE, space.channels());
        FloatMatrix low = pass.matrix(Scratch.Slot.ATTENDED, space.rank());
        FloatMatrix b = pass.matrix(Scratch.Slot.KEYS, space.states());
        FloatMatrix c = pass.matrix(Scratch.Slot.VALUES, space.states());
        FloatMatrix steps = pass.matrix(Scratch.Slot.QUERIES, space.channels());
        pass.multiply(in).by(input, x).by(gate, z).run(pass);
        eachTile(
                pass,
                space.kernel(),
                (segment, begin, end) -> convolve(pass, segment, x, begin, end));
        pass.eachRow(8L * space.channels(), row -> kernels.silu(x, row));
        pass.multiply(x)
                .by(selection.get(0), low)
                .by(selection.get(1), b)
                .by(selection.get(2), c)
                .run(pass);
        if (!norms.isEmpty()) {
            normalize(pass, List.of(low, b, c));
        }
        pass.multiply(low).by(step, steps).run(pass);
        pass.addBias(step, steps);
        eachTile(
                pass,
                8 * space.states(),
                (segment, begin, end) -> {
                    FloatMatrix states = states(pass, segment);
                    for (int row = segment.first(); row < segment.first() + segment.rows(); row++) {
                        kernels.scan(x, steps, b, c, row, decay, skip, states, begin, end);
                    }
                });
        pass.eachRow(8L * space.channels(), row -> kernels.siluMultiply(z, x, row));
        pass.multiply(z).by(output, out).run(pass);
        pass.addBias(output, out);
    }

    private void normalize(Pass pass, List<FloatMatrix> selected) {
        pass.eachRow(
                4L * (space.rank() + 2L * space.states()),
                row -> {
                    for (int i = 0; i < norms.size(); i++) {
                        FloatMatrix x = selected.get(i);
                        norms.get(i).apply(pass.kernels(), x, row, x);
                    }
                });
    }

    /// Work on the channels `begin` to `end` of all rows of a segment.
    @FunctionalInterface
    private interface TileWork {
        void run(Segment segment, int begin, int end);
    }

    private void eachTile(Pass pass, int cost, TileWork work) {
        int tiles = (space.channels() + TILE - 1) / TILE;
        List<Segment> segments = pass.segments();
        long tileCost = (long) cost * TILE * pass.rows() / segments.size();
        pass.eachOf(
                tiles * segments.size(),
                Math.max(1, tileCost),
                each -> {
                    int begin = each % tiles * TILE;
                    int end = Math.min(space.channels(), begin + TILE);
                    work.run(segments.get(each / tiles), begin, end);
                });
    }

    /// Replaces inputs by their convolution. The inputs of the last positions are kept.
    private void convolve(Pass pass, Segment segment, FloatMatrix x, int begin, int end) {
        int channels = space.channels();
        int kept = space.kernel() - 1;
        FloatMatrix recent =
                new FloatMatrix(
                        kept, channels, channels, memory(pass, segment, 0, kept * channels));
        float[] window = new float[space.kernel()];
        for (int channel = begin; channel < end; channel++) {
            for (int i = 0; i < kept; i++) {
                // A sequence begins after zeros; the memory may hold another one's numbers.
                window[i] = segment.position() == 0 ? 0 : recent.get(i, channel);
            }
            float bias = convolutionBias == null ? 0 : convolutionBias.get(0, channel);
            for (int row = segment.first(); row < segment.first() + segment.rows(); row++) {
                window[kept] = x.get(row, channel);
                float sum = 0;
                for (int i = 0; i <= kept; i++) {
                    sum = Math.fma(window[i], convolution.get(channel, i), sum);
                }
                x.set(row, channel, sum + bias);
                System.arraycopy(window, 1, window, 0, kept);
            }
            for (int i = 0; i < kept; i++) {
                recent.set(i, channel, window[i]);
            }
            if (segment.position() == 0) {
                states(pass, segment).clearRow(channel);
            }
        }
    }

    private FloatMatrix states(Pass pass, Segment segment) {
        int channels = space.channels();
        int states = space.states();
        MemorySegment memory = memory(pass, segment, space.recent(), channels * states);
        return new FloatMatrix(channels, states, states, memory);
    }

    private MemorySegment memory(Pass pass, Segment segment, int from, int floats) {
        return pass.layerMemory(layer).asSlice(segment.pages()[0] + 4L * from, 4L * floats);
    }
}
