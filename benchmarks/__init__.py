"""The benchmark of the spine: products and order lines, from file to published marts.

Every figure stands beside a floor taken in the same run on the same server: what hand-written SQL
needs for the same star, with none of the promises of the warehouse.
"""
