// The domain: element types, shapes, tensors, the problem, output geometry.
