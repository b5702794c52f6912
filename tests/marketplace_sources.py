"""How the senders of the tiny marketplace lay out their files, and its category tree."""

from __future__ import annotations

SELLERS_YAML = """
name: bazar-sellers
sender: platform
system: bazar
feed: sellers
format: csv
dialect: {delimiter: ";", decimal: ","}
file_pattern: "sellers*.csv"
records:
  seller:
    fields:
      seller_id: code
      seller_name: nom
      legal_id: siren
      country: pays
      city: ville
      status: statut
      commission_pct: commission
      category: rayon
      effective_at: depuis
      contact_name: contact
      contact_email: courriel
      contact_phone: telephone
"""
PRODUCTS_YAML = """
name: bazar-products
sender: platform
system: bazar
feed: products
categories: house
format: csv
dialect: {encoding: utf-8}
file_pattern: "products*.csv"
records:
  product:
    fields:
      seller_id: seller
      product_id: sku
      title: title
      brand: brand
      gtin: ean
      source_category: category
      status: status
      effective_at: {path: updated_at, time: iso}
"""
OFFERS_YAML = """
name: bazar-offers
sender: platform
system: bazar
feed: offers
format: csv
file_pattern: "offers*.csv"
records:
  offer:
    fields:
      seller_id: seller
      product_id: sku
      unit_price: price
      currency: currency
      stock_quantity: stock
      is_available: available
      effective_at: {path: observed_at, time: iso}
"""
CUSTOMERS_YAML = """
name: bazar-customers
sender: platform
system: bazar
feed: customers
format: csv
file_pattern: "customers*.csv"
records:
  customer:
    fields:
      customer_id: id
      country: country
      city: city
      postal_area: zip
      segment: segment
      name: full_name
      email: mail
      phone: phone
      street: street
      effective_at: {path: updated_at, time: iso}
"""
ORDERS_YAML = """
name: bazar-orders
sender: platform
system: bazar
feed: orders
order_namespace: bazar
format: ndjson
file_pattern: "orders*.ndjson"
records:
  order:
    fields:
      order_id: id
      customer_id: customer.id
      customer_name: customer.name
      customer_email: customer.email
      customer_phone: customer.phone
      customer_street: customer.street
      customer_city: customer.city
      customer_postal_code: customer.zip
      customer_country: customer.country
      status: status
      purchased_at: {path: bought_at, time: iso}
      promised_at: {path: promised_at, time: iso}
      delivered_at: {path: delivered_at, time: iso}
      said_at: {path: sent_at, time: iso}
      declared_total: total
      currency: currency
  item:
    each: items
    fields:
      seller_id: seller
      product_id: sku
      title: title
      source_category: category
      quantity: qty
      unit_price: price
"""
PAYMENTS_YAML = """
name: bazar-payments
sender: platform
system: bazar
feed: orders
order_namespace: bazar
format: csv
file_pattern: "payments*.csv"
records:
  payment:
    fields:
      order_id: order
      payment_no: place
      type: means
      amount: amount
      currency: {const: EUR}
      said_at: {path: at, time: iso}
"""
CLICKS_YAML = """
name: bazar-clicks
sender: platform
system: bazar
feed: clickstream
format: ndjson
file_pattern: "clicks*.ndjson"
records:
  click:
    fields:
      event_id: id
      event_at: {path: at, time: iso}
      session_id: session
      user_id: user
      event_type: type
      url: url
      user_agent: agent
      ip: ip
      seller_id: seller
"""
# A seller's own feed: the sender is S1 itself; S2 has the like.
OWN_PRODUCTS_YAML = """
name: s1-products
sender: S1
system: bazar
feed: products
format: csv
file_pattern: "*.csv"
records:
  product:
    fields:
      product_id: sku
      title: title
      status: status
      effective_at: {path: updated_at, time: iso}
"""
YAMLS = (
    SELLERS_YAML, PRODUCTS_YAML, OFFERS_YAML, CUSTOMERS_YAML, ORDERS_YAML, PAYMENTS_YAML,
    CLICKS_YAML, OWN_PRODUCTS_YAML, OWN_PRODUCTS_YAML.replace("s1", "s2").replace("S1", "S2"),
)  # fmt: skip
CATEGORIES = (
    ("maison", None, "Maison", "Home", 1),
    ("maison-cuisine", "maison", "Maison > Cuisine", "Home > Kitchen", 2),
    ("maison-deco", "maison", "Maison > Décoration", "Home > Decor", 2),
)
