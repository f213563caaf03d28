package dev.jebena.nn;

import dev.jebena.tensor.DType;
import dev.jebena.tensor.Tensor;
import dev.jebena.tensor.Torch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The network of [Gpt] with AdamW, written in libtorch's operators.
final class TorchGpt {
    private final Gpt.Options options;
    private final Map<String, Integer> places = new LinkedHashMap<>();
    private final List<Tensor> values = new ArrayList<>();
    private final List<Tensor> means = new ArrayList<>();
    private final List<Tensor> squares = new ArrayList<>();
    private int step;

    /// Begins with the values of a model.
    TorchGpt(Gpt model) {
        options = model.options();
        for (Map.Entry<String, Parameter> entry : model.namedParameters().entrySet()) {
            if (!entry.getKey().equals("head.weight")) {
                places.put(entry.getKey(), values.size());
                values.add(entry.getValue().value().detach());
                means.add(entry.getValue().value().zerosLike());
                squares.add(entry.getValue().value().zerosLike());
            }
        }
    }

    List<Tensor> values() {
        return values;
    }

    private String p(String name) {
        return "p" + places.get(name);
    }

    /// Sets `loss` for tokens `text` and `next`.
    private String forward() {
        int width = options.width();
        int each = width / options.heads();
        StringBuilder s = new StringBuilder();
        s.append(
                "h = torch.add(torch.embedding(%s, text), torch.slice(%s, 0, 0, %d, 1))\n"
                        .formatted(p("tokens.weight"), p("places.weight"), options.context()));
        for (int i = 0; i < options.layers(); i++) {
            String layer = "layers.layers." + i + ".";
            s.append(norm("n", "h", layer + "norm1.weight"));
            s.append("a = torch.linear(n, %s)\n".formatted(p(layer + "self_attn.in_proj_weight")));
            for (int part = 0; part < 3; part++) {
                s.append(
                        "a%d = torch.transpose(torch.reshape(torch.slice(a, 2, %d, %d, 1), [-1, %d, %d, %d]), 1, 2)\n"
                                .formatted(
                                        part,
                                        part * width,
                                        (part + 1) * width,
                                        options.context(),
                                        options.heads(),
                                        each));
            }
            s.append("b = torch.scaled_dot_product_attention(a0, a1, a2, None, 0., True)\n");
            s.append("c = torch.flatten(torch.transpose(b, 1, 2), 2, 3)\n");
            s.append(
                    "h = torch.add(h, torch.linear(c, %s))\n"
                            .formatted(p(layer + "self_attn.out_proj.weight")));
            s.append(norm("n", "h", layer + "norm2.weight"));
            s.append(
                    "h = torch.add(h, torch.linear(torch.gelu(torch.linear(n, %s)), %s))\n"
                            .formatted(p(layer + "linear1.weight"), p(layer + "linear2.weight")));
        }
        s.append(norm("n", "h", "layers.norm.weight"));
        s.append("y = torch.linear(n, %s)\n".formatted(p("tokens.weight")));
        s.append(
                "loss = torch.cross_entropy_loss(torch.reshape(y, [-1, %d]), torch.reshape(next, [-1]), None, 1, -100, 0.)\n"
                        .formatted(options.kinds()));
        return s.toString();
    }

    private String norm(String to, String from, String weight) {
        return "%s = torch.layer_norm(%s, [%d], %s, None, 1.0000000000000001e-05)\n"
                .formatted(to, from, options.width(), p(weight));
    }

    private List<Tensor> given(Batch batch) {
        List<Tensor> all = new ArrayList<>(List.of(batch.x(), batch.y()));
        all.addAll(values);
        return all;
    }

    private StringBuilder inputs(boolean tracked) {
        StringBuilder s = new StringBuilder("text = x[0]\nnext = x[1]\n");
        for (int i = 0; i < values.size(); i++) {
            String value = "torch.clone(x[%d])".formatted(2 + i);
            s.append("p%d = ".formatted(i))
                    .append(tracked ? "torch.requires_grad_(" + value + ", True)" : value)
                    .append('\n');
        }
        return s;
    }

    double loss(Batch batch) {
        String script = inputs(false) + forward() + "return [loss]\n";
        return Torch.run(script, given(batch).toArray(Tensor[]::new)).getFirst().item();
    }

    /// One step with betas 0.9 and 0.99, weight decay 0.1 of matrices, gradients of norm 1 at most.
    double step(Batch batch, double rate) {
        int n = values.size();
        StringBuilder s = inputs(true).append(forward());
        List<String> names = new ArrayList<>();
        places.values().forEach(i -> names.add("p" + i));
        s.append(
                "g = torch.grad([loss], [%s], None, False, False, False)\n"
                        .formatted(String.join(", ", names)));
        StringBuilder norms = new StringBuilder();
        for (int i = 0; i < n; i++) {
            s.append("g%d = unchecked_cast(Tensor, g[%d])\n".formatted(i, i));
            norms.append(i == 0 ? "" : ", ").append("torch.linalg_vector_norm(g%d)".formatted(i));
        }
        s.append("norm = torch.linalg_vector_norm(torch.stack([%s], 0))\n".formatted(norms));
        s.append(
                "cut = torch.clamp(torch.reciprocal(torch.add(norm, 9.9999999999999995e-07)), None, 1.)\n");
        s.append(group("w", true, rate)).append(group("b", false, rate));
        List<String> results = new ArrayList<>(List.of("torch.detach(loss)"));
        for (String kind : List.of("", "m", "v")) {
            for (int i = 0; i < n; i++) {
                String list = (values.get(i).rank() > 1 ? "w" : "b") + kind;
                results.add(list + "[" + within(i) + "]");
            }
        }
        s.append("return [").append(String.join(", ", results)).append("]\n");
        List<Tensor> given = given(batch);
        given.addAll(means);
        given.addAll(squares);
        step++;
        given.add(Tensor.scalar(step, DType.FLOAT32));
        List<Tensor> out = Torch.run(s.toString(), given.toArray(Tensor[]::new));
        for (int i = 0; i < n; i++) {
            values.set(i, out.get(1 + i));
            means.set(i, out.get(1 + n + i));
            squares.set(i, out.get(1 + 2 * n + i));
        }
        return out.getFirst().item();
    }

    /// The place of a parameter among those of its rank.
    private int within(int index) {
        int place = 0;
        for (int i = 0; i < index; i++) {
            place += (values.get(i).rank() > 1) == (values.get(index).rank() > 1) ? 1 : 0;
        }
        return place;
    }

    private String group(String list, boolean matrices, double rate) {
        int n = values.size();
        List<String> weights = new ArrayList<>();
        List<String> gradients = new ArrayList<>();
        List<String> mean = new ArrayList<>();
        List<String> square = new ArrayList<>();
        List<String> steps = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            if (values.get(i).rank() > 1 == matrices) {
                weights.add("torch.detach(p%d)".formatted(i));
                gradients.add("torch.mul(g%d, cut)".formatted(i));
                mean.add("torch.clone(x[%d])".formatted(2 + n + i));
                square.add("torch.clone(x[%d])".formatted(2 + 2 * n + i));
                steps.add("torch.clone(x[%d])".formatted(2 + 3 * n));
            }
        }
        return "%1$s = [%2$s]\n%1$sm = [%3$s]\n%1$sv = [%4$s]\n"
                        .formatted(
                                list,
                                String.join(", ", weights),
                                String.join(", ", mean),
                                String.join(", ", square))
                + String.format(
                        Locale.ROOT,
                        "_%s = torch._fused_adamw_(%s, [%s], %sm, %sv, [], [%s], lr=%s, beta1=0.9, beta2=0.99, weight_decay=%s, eps=1e-08, amsgrad=False, maximize=False)\n",
                        list,
                        list,
                        String.join(", ", gradients),
                        list,
                        list,
                        String.join(", ", steps),
                        Double.toString(rate).replace('E', 'e'),
                        matrices ? "0.1" : "0.");
    }
}
