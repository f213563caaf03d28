package dev.jebena.nn;

import dev.jebena.tensor.Tensor;
import java.util.Map;

/// What changes in the course of training and has to be the same after an interruption.
public interface Stateful {
    /// All that it needs to go on, by name, as constants.
    Map<String, Tensor> stateDict();

    /// Goes on from there. Throws [NnException] that lists every name, shape and type that does not
    /// fit, and changes nothing then.
    void loadStateDict(Map<String, Tensor> state);
}
