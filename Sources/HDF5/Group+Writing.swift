internal import CHDF5

extension Group {
    /// Creates an empty group called `name` in this one (`H5Gcreate2`).
    public func createGroup(_ name: String) throws(HDF5Error) -> Group {
        let object = try path(of: name, function: "H5Gcreate2")
        return try Library.locked { () throws(HDF5Error) in
            let creation = try Self.creationProperties(of: chdf5_group_creation(), object: object)
            let id = H5Gcreate2(handle.identifier, name, chdf5_default(), creation.identifier, chdf5_default())
            return Group(try Handle(id, closedBy: H5Gclose, function: "H5Gcreate2", object: object), path: object)
        }
    }

    /// Creates a dataset of `shape` called `name` and writes all `elements` to it (`H5Dcreate2`, `H5Dwrite`).
    ///
    /// - Parameters:
    ///   - elements: The elements in C order, as many as `shape` says.
    ///   - compression: The level of gzip from 1 to 9, with shuffled bytes, in one chunk; 0 for none, in one piece.
    public func createDataset<Element: StoredElement>(
        _ name: String, shape: [Int], elements: [Element], compression: Int = 0
    ) throws(HDF5Error) {
        let object = try path(of: name, function: "H5Dcreate2")
        guard Dataspace.count(of: shape) == elements.count, let datatype = Element.storedType.predefined else {
            throw HDF5Error("\(elements.count) elements for shape \(shape)", function: "H5Dcreate2", object: object)
        }
        try Library.locked { () throws(HDF5Error) in
            let space = try Dataspace.make(shape, object: object)
            let creation = try Self.creationProperties(of: chdf5_dataset_creation(), object: object)
            if compression > 0, !elements.isEmpty, !shape.isEmpty {
                try Self.setChunk(creation.identifier, shape: shape, compression: compression, object: object)
            }
            let dataset = try Handle(
                H5Dcreate2(
                    handle.identifier, name, datatype, space.identifier, chdf5_default(), creation.identifier,
                    chdf5_default()),
                closedBy: H5Dclose, function: "H5Dcreate2", object: object)
            try check(
                H5Dwrite(
                    dataset.identifier, datatype, chdf5_whole_space(), chdf5_whole_space(), chdf5_default(), elements),
                function: "H5Dwrite", object: object)
        }
    }

    /// One chunk of shuffled bytes, compressed by gzip; must run under the lock.
    static func setChunk(_ creation: hid_t, shape: [Int], compression: Int, object: String) throws(HDF5Error) {
        let sizes = shape.map { hsize_t($0) }
        try check(H5Pset_chunk(creation, Int32(sizes.count), sizes), function: "H5Pset_chunk", object: object)
        try check(H5Pset_shuffle(creation), function: "H5Pset_shuffle", object: object)
        try check(H5Pset_deflate(creation, UInt32(compression)), function: "H5Pset_deflate", object: object)
    }

    /// Gives this group a new attribute (`H5Acreate2`, `H5Awrite`).
    ///
    /// Texts become fields of one fixed length, as long as the longest.
    public func setAttribute(_ name: String, to value: StoredValue) throws(HDF5Error) {
        switch value {
        case .int64(let number): try setAttribute(name, shape: [], elements: [number])
        case .int64s(let numbers): try setAttribute(name, shape: [numbers.count], elements: numbers)
        case .uint64(let number): try setAttribute(name, shape: [], elements: [number])
        case .uint64s(let numbers): try setAttribute(name, shape: [numbers.count], elements: numbers)
        case .float64(let number): try setAttribute(name, shape: [], elements: [number])
        case .float64s(let numbers): try setAttribute(name, shape: [numbers.count], elements: numbers)
        case .string(let text): try setAttribute(name, shape: [], texts: [text])
        case .strings(let texts): try setAttribute(name, shape: [texts.count], texts: texts)
        case .other(let words):
            throw HDF5Error("\(words) cannot be written", function: "H5Acreate2", object: "\(path)@\(name)")
        }
    }

    private func setAttribute<Element: StoredElement>(
        _ name: String, shape: [Int], elements: [Element]
    ) throws(HDF5Error) {
        let object = "\(path)@\(name)"
        guard let datatype = Element.storedType.predefined else {
            throw HDF5Error("\(Element.storedType) cannot be written", function: "H5Acreate2", object: object)
        }
        try Library.locked { () throws(HDF5Error) in
            try write(name, shape: shape, datatype: datatype, bytes: elements, object: object)
        }
    }

    private func setAttribute(_ name: String, shape: [Int], texts: [String]) throws(HDF5Error) {
        let object = "\(path)@\(name)"
        let width = max(1, texts.map(\.utf8.count).max() ?? 1)
        let bytes = texts.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: width - $0.utf8.count) }
        try Library.locked { () throws(HDF5Error) in
            let type = try StoredType.text(bytes: width, object: object)
            try write(name, shape: shape, datatype: type.identifier, bytes: bytes, object: object)
        }
    }

    /// Must run under the lock.
    private func write<Element: BitwiseCopyable>(
        _ name: String, shape: [Int], datatype: hid_t, bytes: [Element], object: String
    ) throws(HDF5Error) {
        let space = try Dataspace.make(shape, object: object)
        let attribute = try Handle(
            H5Acreate2(handle.identifier, name, datatype, space.identifier, chdf5_default(), chdf5_default()),
            closedBy: H5Aclose, function: "H5Acreate2", object: object)
        try check(H5Awrite(attribute.identifier, datatype, bytes), function: "H5Awrite", object: object)
    }

    /// Properties of a new object that make its bytes a function of what is written: no times. Attributes stay in the
    /// object's header, which is smaller and faster to read than the heap that libhdf5 prefers from the ninth on.
    ///
    /// Must run under the lock.
    static func creationProperties(of kind: hid_t, object: String) throws(HDF5Error) -> Handle {
        let properties = try Handle(H5Pcreate(kind), closedBy: H5Pclose, function: "H5Pcreate", object: object)
        try check(
            H5Pset_obj_track_times(properties.identifier, false), function: "H5Pset_obj_track_times", object: object)
        try check(
            H5Pset_attr_phase_change(properties.identifier, 64, 32), function: "H5Pset_attr_phase_change",
            object: object)
        return properties
    }
}
