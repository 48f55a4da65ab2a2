"""An index whose vectors come from elsewhere: from workers on several machines, or from files.

Knows Ray and Parquet; knows no model: what opens the encoders is passed in.

    ray_encoding    ◆ ray: batches of rows are encoded by workers
    parquet         ◆ pyarrow: an index's entries in files, and an index from them
"""
