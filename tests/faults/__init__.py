"""Faults of the disk and killed processes, at any call, while Magpie works.

faulty_disk.c   lets the n-th call to files under a folder fail, or end the process
deeds           what is done in a process of its own: index, converse, remember, look
workers         processes that do deeds, one or two at once, with or without faults
"""
