internal import Convolution
internal import HDF5

extension ElementType {
    /// The Swift type in which a file holds elements of this one: its own, or float32 where HDF5 has no such type.
    var stored: any (StoredElement & TensorElement).Type {
        element as? any (StoredElement & TensorElement).Type ?? Float.self
    }
}

extension AnyTensor {
    /// The tensor as a file holds it.
    var stored: any StoredTensor { typed as? any StoredTensor ?? singles }
}

/// A tensor that a file holds as it is.
protocol StoredTensor<Element>: TypedTensor where Element: StoredElement {}

extension Tensor: StoredTensor where Element: StoredElement & TensorElement {}
