package dev.jebena.tensor;

import java.util.List;

/// TorchScript that both oracles end with.
public final class TorchScript {
    private TorchScript() {}

    /// Returns `y`, its gradients, and the gradients of a sum of the gradients; half the squares of
    /// the variables are added, so that every derivative exists.
    ///
    /// @param names of the variables
    /// @param weights place in `x` of the factors of `y`, before those of the gradients
    /// @param order of the highest derivative, 0 to 2
    public static String derivatives(List<String> names, int weights, int order) {
        if (order == 0) {
            return "return [y]\n";
        }
        StringBuilder s = new StringBuilder();
        s.append("s = torch.sum(torch.mul(y, x[%d]))\n".formatted(weights));
        names.forEach(n ->
                s.append(
                        "s = torch.add(s, torch.mul(torch.sum(torch.mul(%s, %s)), 0.5))\n"
                                .formatted(n, n)));
        String list = String.join(", ", names);
        s.append("g = torch.grad([s], [%s], None, True, True, True)\n".formatted(list));
        StringBuilder results = new StringBuilder("y");
        for (int i = 0; i < names.size(); i++) {
            s.append("g%d = unchecked_cast(Tensor, g[%d])\n".formatted(i, i));
            results.append(", g").append(i);
        }
        if (order > 1) {
            s.append("t = torch.sum(torch.mul(g0, x[%d]))\n".formatted(weights + 1));
            for (int i = 1; i < names.size(); i++) {
                s.append(
                        "t = torch.add(t, torch.sum(torch.mul(g%d, x[%d])))\n"
                                .formatted(i, weights + 1 + i));
            }
            s.append("h = torch.grad([t], [%s], None, True, False, True)\n".formatted(list));
            for (int i = 0; i < names.size(); i++) {
                s.append("h%d = unchecked_cast(Tensor, h[%d])\n".formatted(i, i));
                results.append(", h").append(i);
            }
        }
        return s + "return [" + results + "]\n";
    }
}
