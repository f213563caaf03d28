package dev.jebena.llm.internal.model;

/// Sizes of a selective state space.
///
/// @param kernel positions that the convolution sees, the present one included
/// @param channels inner width
/// @param states elements of a channel's state
/// @param rank inputs of the step's matrix
record StateSpace(int kernel, int channels, int states, int rank) {
    static StateSpace read(Weights weights) {
        return new StateSpace(
                weights.integer("ssm.conv_kernel", 2, 64),
                weights.integer("ssm.inner_size", 1, 1 << 16),
                weights.integer("ssm.state_size", 1, 1024),
                weights.integer("ssm.time_step_rank", 1, 1 << 16));
    }

    /// Numbers that one layer keeps of a sequence: the inputs that the convolution still sees, as
    /// `[kernel - 1][channels]`, then the states as `[channels][states]`.
    int floats() {
        return recent() + channels * states;
    }

    /// Of those, the numbers that the convolution sees.
    int recent() {
        return (kernel - 1) * channels;
    }
}
