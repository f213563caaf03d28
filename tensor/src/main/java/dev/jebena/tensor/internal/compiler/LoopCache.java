package dev.jebena.tensor.internal.compiler;

import dev.jebena.compute.LoopCode;
import dev.jebena.compute.NumberLoop;
import java.util.LinkedHashMap;
import java.util.Map;

/// Loops that were compiled already, for all programs: each is a class that the JIT has to learn,
/// which takes many runs. Those that were not asked for longest go first.
final class LoopCache {
    private static final int MOST = 1024;

    private final Map<LoopCode, NumberLoop> loops = new LinkedHashMap<>(16, 0.75f, true);

    synchronized NumberLoop compiled(LoopCode code) {
        NumberLoop known = loops.get(code);
        if (known == null) {
            known = code.compile();
            loops.put(code, known);
            if (loops.size() > MOST) {
                loops.remove(loops.keySet().iterator().next());
            }
        }
        return known;
    }
}
